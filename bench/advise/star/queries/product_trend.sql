SELECT s.date_key / 100 AS month, sum(s.quantity) FROM fact_sales s WHERE s.product_id IN (SELECT product_id FROM dim_product WHERE sku = 'SKU-004711') GROUP BY 1 ORDER BY 1;
