SELECT product_id, on_order FROM fact_inventory WHERE date_key = 20251027 AND on_hand = 0 ORDER BY store_id, product_id;
