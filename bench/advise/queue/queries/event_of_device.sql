SELECT id, kind, severity, occurred_at, payload FROM events WHERE device_id = 417 ORDER BY occurred_at DESC LIMIT 50;
