DELETE FROM idempotency_keys WHERE created_at < '2025-10-30 01:00';
