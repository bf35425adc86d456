SELECT id, queue, finished_at, payload FROM jobs WHERE state = 'failed' ORDER BY finished_at DESC LIMIT 50;
