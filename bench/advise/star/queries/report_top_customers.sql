SELECT customer_id, sum(amount) FROM fact_sales WHERE date_key >= 20250801 AND customer_id IS NOT NULL GROUP BY customer_id ORDER BY 2 DESC LIMIT 50;
