SELECT count(*) FROM comments WHERE task_id = 412345 AND deleted_at IS NULL;
