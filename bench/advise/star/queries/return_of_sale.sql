SELECT return_id, reason, amount FROM fact_returns WHERE sale_id = 1234563;
