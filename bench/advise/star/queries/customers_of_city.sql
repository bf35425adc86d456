SELECT customer_id, customer_no FROM dim_customer WHERE lower(city) = 'city 612' AND is_current;
