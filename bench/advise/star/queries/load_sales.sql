INSERT INTO fact_sales SELECT 9000000 + n, 20251101, 1 + n % 800, 40001 + n * 7 % 20000, 1 + n * 61 % 140000, NULL, 'till', 1, 9.99, 1.5 FROM generate_series(1, 1000) n;
