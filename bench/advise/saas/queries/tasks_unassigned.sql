SELECT id, title, created_at FROM tasks WHERE tenant_id = 2 AND assignee_id IS NULL AND status = 'open' AND deleted_at IS NULL ORDER BY priority DESC, created_at LIMIT 20;
