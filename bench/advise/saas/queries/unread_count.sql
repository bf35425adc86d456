SELECT count(*) FROM notifications WHERE user_id = 12 AND read_at IS NULL;
