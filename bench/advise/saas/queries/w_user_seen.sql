UPDATE users SET last_seen_at = '2025-11-03' WHERE id = 4711;
