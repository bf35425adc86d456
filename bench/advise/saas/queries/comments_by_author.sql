SELECT id, task_id, body FROM comments WHERE author_id = 912 ORDER BY created_at DESC LIMIT 20;
