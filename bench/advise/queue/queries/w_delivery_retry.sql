UPDATE deliveries SET attempts = attempts + 1, next_attempt_at = '2025-11-01 03:00' WHERE id = 399950;
