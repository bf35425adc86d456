UPDATE alerts SET acked_at = '2025-11-01' WHERE id = 199950;
