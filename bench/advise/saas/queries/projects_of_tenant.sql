SELECT id, key, name FROM projects WHERE tenant_id = 7 AND deleted_at IS NULL ORDER BY created_at DESC;
