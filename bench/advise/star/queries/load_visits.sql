INSERT INTO fact_visits SELECT 9000000 + n, timestamptz '2025-11-01' + n * interval '1 second', n, '/home', '{"utm_campaign": "c1"}', 1, NULL FROM generate_series(1, 200) n;
