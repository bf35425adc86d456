SELECT id, title, deleted_at FROM tasks WHERE tenant_id = 1 AND deleted_at IS NOT NULL ORDER BY deleted_at DESC LIMIT 30;
