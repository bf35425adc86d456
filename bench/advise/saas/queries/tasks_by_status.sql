SELECT status, count(*) FROM tasks WHERE project_id = 99 AND deleted_at IS NULL GROUP BY status;
