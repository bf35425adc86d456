UPDATE dim_product SET is_current = false, valid_to = '2025-11-01' WHERE sku = 'SKU-004711' AND is_current;
