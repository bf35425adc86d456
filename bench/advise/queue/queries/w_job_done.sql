UPDATE jobs SET state = 'done', finished_at = '2025-11-01 14:14' WHERE id = 499950;
