SELECT id, status, response_code, created_at FROM deliveries WHERE endpoint_id = 815 ORDER BY created_at DESC LIMIT 30;
