UPDATE notifications SET read_at = now() WHERE customer_id = 77 AND read_at IS NULL;
