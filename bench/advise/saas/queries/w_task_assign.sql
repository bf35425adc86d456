UPDATE tasks SET assignee_id = 4711, updated_at = '2025-11-01' WHERE id = 598123;
