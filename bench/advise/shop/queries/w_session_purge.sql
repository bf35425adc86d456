DELETE FROM sessions WHERE started_at < '2025-10-01 01:00';
