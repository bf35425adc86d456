SELECT id, serial, model, last_seen_at FROM devices WHERE account_id = 42 AND status = 'active' ORDER BY last_seen_at DESC LIMIT 50;
