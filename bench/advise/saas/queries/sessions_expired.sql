SELECT count(*) FROM sessions WHERE expires_at < '2025-09-01';
