SELECT id, tenant_id, title FROM tasks WHERE status = 'blocked' AND deleted_at IS NULL ORDER BY created_at DESC LIMIT 20;
