SELECT d.weekday, sum(s.amount) FROM fact_sales s JOIN dim_date d ON d.date_key = s.date_key WHERE s.store_id = 417 AND d.day BETWEEN '2025-10-20' AND '2025-10-26' GROUP BY d.weekday;
