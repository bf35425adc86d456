INSERT INTO fact_inventory SELECT 20251103, 2 + n % 100, 40001 + n, 10, 0 FROM generate_series(1, 1000) n;
