SELECT id, queue, run_at FROM jobs WHERE state = 'failed' ORDER BY run_at DESC LIMIT 50;
