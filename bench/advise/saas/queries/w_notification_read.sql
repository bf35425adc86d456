UPDATE notifications SET read_at = '2025-11-03' WHERE user_id = 12 AND read_at IS NULL;
