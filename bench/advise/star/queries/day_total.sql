SELECT sum(amount), count(*) FROM fact_sales WHERE date_key = 20251031;
