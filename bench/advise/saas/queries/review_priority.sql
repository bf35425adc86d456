SELECT id, title FROM tasks WHERE status = 'review' AND priority >= 4 AND deleted_at IS NULL ORDER BY updated_at;
