SELECT id, name, price FROM products WHERE category_id = 12 AND price BETWEEN 20 AND 30 AND active;
