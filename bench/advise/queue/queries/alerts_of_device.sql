SELECT id, rule_id, severity, opened_at FROM alerts WHERE device_id = 417 AND closed_at IS NULL;
