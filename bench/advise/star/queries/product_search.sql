SELECT product_id, name FROM dim_product WHERE name ILIKE '%coffee 123%' AND is_current;
