\set customer random(1, 120000)
SELECT id, name, email FROM customers WHERE id = :customer;
SELECT id, status, total, created_at FROM orders WHERE customer_id = :customer ORDER BY created_at DESC LIMIT 10;
