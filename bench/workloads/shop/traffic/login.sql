\set customer random(1, 120000)
SELECT id, name FROM customers WHERE lower(email) = 'user' || :customer || '@example.com' AND deleted_at IS NULL;
