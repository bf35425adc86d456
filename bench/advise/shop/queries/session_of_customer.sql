SELECT id, started_at FROM sessions WHERE customer_id = 4711 ORDER BY started_at DESC LIMIT 5;
