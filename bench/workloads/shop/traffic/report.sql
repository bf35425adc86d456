\set day random(0, 700)
SELECT p.category_id, sum(i.quantity * i.price) FROM orders o JOIN order_items i ON i.order_id = o.id JOIN products p ON p.id = i.product_id
WHERE o.created_at >= timestamptz '2024-06-01' + :day * interval '1 day' AND o.created_at < timestamptz '2024-06-08' + :day * interval '1 day' GROUP BY p.category_id;
SELECT c.id, c.name, (SELECT max(o.created_at) FROM orders o WHERE o.customer_id = c.id) AS last_order FROM customers c WHERE c.country = 'FR' AND c.id % 10000 = :day % 100;
