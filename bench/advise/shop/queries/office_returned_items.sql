SELECT i.order_id, i.product_id FROM order_items i WHERE i.returned AND i.product_id = 12;
