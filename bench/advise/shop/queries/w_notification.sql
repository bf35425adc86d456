INSERT INTO notifications VALUES (9000001, 77, 'order', NULL, now(), 'text');
