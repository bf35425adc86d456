SELECT p.id, p.name FROM products p JOIN categories c ON c.id = p.category_id WHERE c.parent_id = 7 AND p.active ORDER BY p.price LIMIT 48;
