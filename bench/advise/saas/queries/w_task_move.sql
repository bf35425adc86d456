UPDATE tasks SET position = 17.5, updated_at = '2025-11-01' WHERE id = 598123;
