SELECT id, product_id, body FROM reviews WHERE NOT approved ORDER BY created_at LIMIT 20;
