SELECT product_id, quantity FROM stock WHERE warehouse_id = 2 AND quantity < 1;
