SELECT id, name, price FROM products WHERE brand_id = 17 AND active ORDER BY updated_at DESC LIMIT 24;
