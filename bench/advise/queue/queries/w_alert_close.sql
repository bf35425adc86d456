UPDATE alerts SET closed_at = '2025-11-01' WHERE id = 199950;
