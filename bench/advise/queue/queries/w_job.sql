INSERT INTO jobs VALUES (9000001, 'mail', 'ready', 0, '2025-11-01 14:14', 0, 'u4711', NULL, NULL, NULL, '{"batch_id": "b12501", "to": "user1"}');
