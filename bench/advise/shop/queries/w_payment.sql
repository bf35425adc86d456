INSERT INTO payments VALUES (9000001, 9000001, 'card', 'open', 10, now(), NULL);
