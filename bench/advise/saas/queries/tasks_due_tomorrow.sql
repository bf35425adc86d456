SELECT id, tenant_id, assignee_id FROM tasks WHERE due_on = '2025-11-01' AND completed_at IS NULL AND deleted_at IS NULL;
