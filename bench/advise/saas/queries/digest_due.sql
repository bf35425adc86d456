SELECT user_id, count(*) FROM notifications WHERE kind = 'digest' AND read_at IS NULL AND created_at >= '2025-10-28' GROUP BY user_id;
