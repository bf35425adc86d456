\set customer random(1, 120000)
\set product random(1, 25000)
\set quantity random(1, 4)
BEGIN;
INSERT INTO orders (customer_id, status, total, created_at) VALUES (:customer, 'open', 99.5, now()) RETURNING id AS new_order \gset
INSERT INTO order_items (order_id, product_id, quantity, price) VALUES (:new_order, :product, :quantity, 49.5);
INSERT INTO stock_movements (product_id, delta, moved_at) VALUES (:product, -:quantity, now());
UPDATE orders SET status = 'shipped', shipped_at = now() WHERE id = :new_order;
COMMIT;
