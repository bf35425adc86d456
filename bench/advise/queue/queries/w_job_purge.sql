DELETE FROM jobs WHERE state = 'done' AND finished_at < '2025-08-01 06:00';
