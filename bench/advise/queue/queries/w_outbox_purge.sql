DELETE FROM outbox WHERE published_at < '2025-10-10 03:00';
