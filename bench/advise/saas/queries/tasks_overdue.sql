SELECT id, title, due_on, assignee_id FROM tasks WHERE tenant_id = 2 AND due_on < '2025-10-31' AND completed_at IS NULL AND deleted_at IS NULL ORDER BY due_on LIMIT 100;
