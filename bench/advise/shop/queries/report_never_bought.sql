SELECT p.id FROM products p WHERE p.active AND NOT EXISTS (SELECT 1 FROM order_items i WHERE i.product_id = p.id);
