INSERT INTO orders VALUES (9000001, 4711, 'pending', 'web', 10, NULL, now(), NULL, NULL);
