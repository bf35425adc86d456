SELECT sale_id, store_id, product_id, margin FROM fact_sales WHERE margin < -0.98 AND date_key >= 20250101 ORDER BY margin LIMIT 50;
