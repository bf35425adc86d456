SELECT id, payload FROM jobs WHERE state = 'queued' AND queue = 'mail' ORDER BY priority DESC, run_at LIMIT 1;
