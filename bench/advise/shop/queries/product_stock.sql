SELECT warehouse_id, quantity FROM stock WHERE product_id = 321 AND quantity > 0;
