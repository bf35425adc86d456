UPDATE deliveries SET status = 'delivered', next_attempt_at = NULL, response_code = 200 WHERE id = 399950;
