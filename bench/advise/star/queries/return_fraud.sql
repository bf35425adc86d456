SELECT return_id, sale_id, amount FROM fact_returns WHERE reason = 'fraud' ORDER BY date_key DESC LIMIT 25;
