SELECT store_id, on_hand FROM fact_inventory WHERE product_id = 45815 AND date_key = 20251027;
