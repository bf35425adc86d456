SELECT date_key, on_hand, on_order FROM fact_inventory WHERE store_id = 17 AND product_id = 41563 ORDER BY date_key DESC LIMIT 12;
