SELECT id, kind, body FROM notifications WHERE customer_id = 77 AND read_at IS NULL ORDER BY created_at DESC;
