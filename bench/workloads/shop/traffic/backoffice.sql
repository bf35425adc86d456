\set page random(200, 4000)
\set invoice random(1, 200000)
SELECT o.id, c.name, o.total FROM orders o JOIN customers c ON c.id = o.customer_id WHERE o.status = 'open' ORDER BY o.created_at LIMIT 50;
SELECT id, customer_id, total FROM orders ORDER BY created_at DESC LIMIT 50 OFFSET :page * 50;
SELECT number, order_id FROM invoices WHERE number::numeric = :invoice;
SELECT count(*) FROM customers WHERE id NOT IN (SELECT customer_id FROM reviews);
