SELECT customer_id, sum(total) FROM orders WHERE created_at >= '2025-10-25' GROUP BY customer_id ORDER BY 2 DESC LIMIT 10;
