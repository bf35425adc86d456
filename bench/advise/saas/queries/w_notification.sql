INSERT INTO notifications VALUES (9000001, 12, 'mention', 598123, NULL, '2025-11-03');
