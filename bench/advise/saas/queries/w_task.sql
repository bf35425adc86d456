INSERT INTO tasks VALUES (9000001, 3, 99, 90001, NULL, 'Fix login', 'open', 1, 10, 912, '{team1}', '{}', '2025-11-20', '2025-11-01', '2025-11-01', NULL, NULL);
