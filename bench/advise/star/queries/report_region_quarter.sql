SELECT st.region, sum(s.amount) FROM fact_sales s JOIN dim_store st ON st.store_id = s.store_id WHERE st.country = 'AT' AND s.date_key BETWEEN 20250701 AND 20250930 GROUP BY st.region;
