SELECT id, title, status FROM tasks WHERE parent_id = 443176 AND deleted_at IS NULL ORDER BY position;
