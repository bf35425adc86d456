\set category random(1, 60)
\set product random(1, 25000)
SELECT id, name, price FROM products WHERE category_id = :category AND active ORDER BY price LIMIT 24;
SELECT p.id, p.name, p.price, avg(r.rating) FROM products p LEFT JOIN reviews r ON r.product_id = p.id WHERE p.id = :product GROUP BY p.id;
SELECT r.rating, r.body, c.name FROM reviews r JOIN customers c ON c.id = r.customer_id WHERE r.product_id = :product ORDER BY r.created_at DESC LIMIT 5;
