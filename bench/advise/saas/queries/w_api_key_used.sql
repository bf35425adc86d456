UPDATE api_keys SET last_used_at = '2025-11-03' WHERE id = 4711;
