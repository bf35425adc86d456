SELECT id, name, updated_at FROM products WHERE active ORDER BY updated_at DESC LIMIT 12;
