SELECT id, device_id, kind, occurred_at FROM events WHERE severity >= 4 ORDER BY occurred_at DESC LIMIT 20;
