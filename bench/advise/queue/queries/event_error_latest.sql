SELECT id, device_id, occurred_at, payload FROM events WHERE kind = 'error' ORDER BY occurred_at DESC LIMIT 20;
