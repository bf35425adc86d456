SELECT id, endpoint_id, attempts FROM deliveries WHERE status = 'pending' AND next_attempt_at <= '2025-10-31 19:00' ORDER BY next_attempt_at LIMIT 50;
