SELECT max(created_at) FROM orders WHERE customer_id = 99;
