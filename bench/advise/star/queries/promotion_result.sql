SELECT store_id, sum(amount), count(*) FROM fact_sales WHERE promotion_id = 348 GROUP BY store_id;
