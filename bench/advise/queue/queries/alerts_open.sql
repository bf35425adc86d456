SELECT id, device_id, rule_id, opened_at FROM alerts WHERE closed_at IS NULL ORDER BY opened_at LIMIT 100;
