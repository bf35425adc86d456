SELECT id, payload FROM jobs WHERE queue = 'mail' AND state = 'ready' AND run_at <= '2025-11-01 12:00' ORDER BY priority DESC, run_at LIMIT 1 FOR UPDATE SKIP LOCKED;
