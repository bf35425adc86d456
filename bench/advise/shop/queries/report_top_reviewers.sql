SELECT customer_id, count(*) FROM reviews WHERE created_at >= '2025-09-01' GROUP BY customer_id ORDER BY 2 DESC LIMIT 10;
