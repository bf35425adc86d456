SELECT sale_id, date_key, product_id, amount FROM fact_sales WHERE customer_id = 81234 ORDER BY date_key DESC LIMIT 10;
