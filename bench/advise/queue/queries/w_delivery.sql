INSERT INTO deliveries VALUES (9000001, 815, 'pending', 0, '2025-11-01', '2025-11-01', NULL);
