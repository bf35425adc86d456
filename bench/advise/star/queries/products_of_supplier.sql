SELECT sku, name FROM dim_product WHERE supplier_id = 123 AND is_current AND category <> 'Category 0';
