SELECT id, project_id, title, due_on FROM tasks WHERE tenant_id = 1 AND assignee_id = 498 AND status IN ('open', 'in_progress') AND deleted_at IS NULL ORDER BY due_on NULLS LAST LIMIT 50;
