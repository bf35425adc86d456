SELECT id, author_id, body, created_at FROM comments WHERE task_id = 412345 AND deleted_at IS NULL ORDER BY created_at;
