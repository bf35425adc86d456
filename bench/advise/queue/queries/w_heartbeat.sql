UPDATE devices SET last_seen_at = '2025-11-01 14:14' WHERE id = 4711;
