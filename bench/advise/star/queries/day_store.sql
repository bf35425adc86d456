SELECT sum(amount), sum(margin), count(*) FROM fact_sales WHERE store_id = 417 AND date_key = 20251031;
