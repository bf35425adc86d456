INSERT INTO activity VALUES (9000001, 3, 912, 'updated', 'task', 598123, '2025-11-03', '{"field": "status"}');
