SELECT id, title, completed_at FROM tasks WHERE tenant_id = 5 AND completed_at >= '2025-09-01' AND deleted_at IS NULL ORDER BY completed_at DESC;
