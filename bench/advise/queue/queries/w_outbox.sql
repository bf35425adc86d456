INSERT INTO outbox VALUES (9000001, 'device', 'k4711', 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx', '2025-11-01', NULL);
