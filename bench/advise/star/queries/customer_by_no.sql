SELECT customer_id, segment, country FROM dim_customer WHERE customer_no = 'C0004711' AND is_current;
