SELECT sale_id, store_id, amount FROM fact_sales WHERE promotion_id = 40 ORDER BY sale_id DESC LIMIT 10;
