SELECT p.sku, p.name FROM dim_product p WHERE p.is_current AND NOT EXISTS (SELECT 1 FROM fact_sales s WHERE s.product_id = p.product_id AND s.date_key >= 20250801);
