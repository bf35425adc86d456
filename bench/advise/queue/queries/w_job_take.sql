UPDATE jobs SET state = 'running', locked_at = '2025-11-01 14:14', attempts = attempts + 1 WHERE id = 499950;
