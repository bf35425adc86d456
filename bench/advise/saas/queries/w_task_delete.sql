UPDATE tasks SET deleted_at = '2025-11-01' WHERE id = 598123 AND deleted_at IS NULL;
