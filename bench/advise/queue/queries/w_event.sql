INSERT INTO events SELECT 9000000 + n, 1 + n * 37 % 30000, 'ping', 0, timestamptz '2025-10-13 04:01' + n * interval '1 second', '{"v": 1}' FROM generate_series(1, 5) n;
