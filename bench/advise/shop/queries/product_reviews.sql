SELECT id, rating, body, created_at FROM reviews WHERE product_id = 321 AND approved ORDER BY created_at DESC LIMIT 10;
