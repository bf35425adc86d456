SELECT product_id, sku, name FROM dim_product WHERE brand = 'Brand 17' AND is_current ORDER BY launched_on DESC LIMIT 20;
