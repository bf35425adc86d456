SELECT id, number, title, status, position FROM tasks WHERE tenant_id = 3 AND project_id = 99 AND deleted_at IS NULL AND status <> 'done' ORDER BY status, position;
