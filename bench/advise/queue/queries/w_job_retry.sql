UPDATE jobs SET state = 'ready', run_at = '2025-11-01 14:20', locked_at = NULL WHERE id = 498950;
