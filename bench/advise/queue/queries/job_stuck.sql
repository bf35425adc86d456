SELECT id, queue, attempts FROM jobs WHERE state = 'running' AND locked_at < '2025-11-01 10:00';
