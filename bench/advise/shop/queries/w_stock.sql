UPDATE stock SET quantity = quantity - 1, updated_at = now() WHERE product_id = 321 AND warehouse_id = 2;
