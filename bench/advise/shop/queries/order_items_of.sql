SELECT product_id, quantity, price FROM order_items WHERE order_id = 123456;
