SELECT id, title, status, custom FROM tasks WHERE project_id = 99 AND number = 130 AND deleted_at IS NULL;
