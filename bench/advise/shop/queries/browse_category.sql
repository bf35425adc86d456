SELECT id, name, price FROM products WHERE category_id = 42 AND active ORDER BY price LIMIT 24;
