SELECT product_id, name, list_price FROM dim_product WHERE sku = 'SKU-004711' AND is_current;
