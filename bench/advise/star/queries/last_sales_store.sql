SELECT sale_id, product_id, amount FROM fact_sales WHERE store_id = 417 ORDER BY sale_id DESC LIMIT 20;
