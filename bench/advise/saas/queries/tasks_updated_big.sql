SELECT id, title, updated_at FROM tasks WHERE tenant_id = 1 AND deleted_at IS NULL ORDER BY updated_at DESC LIMIT 50;
