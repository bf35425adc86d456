INSERT INTO sessions VALUES (9000001, 'x', 4711, now(), NULL);
