SELECT on_hand FROM fact_inventory WHERE date_key = 20251027 AND store_id = 17 AND product_id = 41563;
