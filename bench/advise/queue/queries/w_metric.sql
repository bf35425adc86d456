INSERT INTO metrics SELECT 1 + n * 17 % 3000, n, timestamptz '2025-10-30 12:21' + n * interval '1 second', 17.5 FROM generate_series(1, 10) n;
