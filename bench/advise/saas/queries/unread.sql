SELECT id, kind, task_id, created_at FROM notifications WHERE user_id = 12 AND read_at IS NULL ORDER BY created_at DESC LIMIT 20;
