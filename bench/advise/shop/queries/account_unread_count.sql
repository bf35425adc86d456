SELECT count(*) FROM notifications WHERE customer_id = 77 AND read_at IS NULL;
