SELECT avg(amount / quantity) FROM fact_sales WHERE product_id = 40123 AND date_key >= 20251001;
