SELECT id, kind, occurred_at FROM events WHERE device_id = 29415 ORDER BY occurred_at DESC LIMIT 50;
