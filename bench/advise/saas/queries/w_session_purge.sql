DELETE FROM sessions WHERE expires_at < '2025-08-31 06:00';
