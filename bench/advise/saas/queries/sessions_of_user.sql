SELECT id, touched_at FROM sessions WHERE user_id = 4711 AND NOT revoked ORDER BY touched_at DESC LIMIT 10;
