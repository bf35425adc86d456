UPDATE documents SET words = 'w1 w2 w3', updated_at = '2025-11-03' WHERE id = 4711;
