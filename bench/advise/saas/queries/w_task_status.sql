UPDATE tasks SET status = 'done', updated_at = '2025-11-01', completed_at = '2025-11-01' WHERE id = 598123;
