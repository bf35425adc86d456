UPDATE outbox SET published_at = '2025-11-01' WHERE id = 399900;
