UPDATE products SET price = price + 1, updated_at = now() WHERE sku = 'SKU-12';
