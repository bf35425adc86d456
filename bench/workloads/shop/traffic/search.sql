SELECT id, name FROM products WHERE name LIKE '%a7f3%' ORDER BY name LIMIT 20;
