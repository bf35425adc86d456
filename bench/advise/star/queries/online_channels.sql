SELECT channel, sum(amount), count(DISTINCT customer_id) FROM fact_sales WHERE store_id = 1 AND date_key >= 20251027 GROUP BY channel;
