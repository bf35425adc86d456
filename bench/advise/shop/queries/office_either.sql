SELECT id, customer_id FROM orders WHERE customer_id = 12 OR coupon_id = 99;
