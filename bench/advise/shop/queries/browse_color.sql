SELECT id, name FROM products WHERE attributes->>'color' = 'red' AND category_id = 5;
