SELECT sum(amount), count(*), max(date_key) FROM fact_sales WHERE customer_id = 81234;
