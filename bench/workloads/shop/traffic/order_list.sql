-- A page of five orders, and for each of them its lines by a statement of its own: N+1.
\set first random(1, 419990)
\set second :first + 1
\set third :first + 2
\set fourth :first + 3
\set fifth :first + 4
SELECT id, customer_id, status, total FROM orders WHERE id >= :first ORDER BY id LIMIT 5;
SELECT product_id, quantity, price FROM order_items WHERE order_id = :first;
SELECT product_id, quantity, price FROM order_items WHERE order_id = :second;
SELECT product_id, quantity, price FROM order_items WHERE order_id = :third;
SELECT product_id, quantity, price FROM order_items WHERE order_id = :fourth;
SELECT product_id, quantity, price FROM order_items WHERE order_id = :fifth;
