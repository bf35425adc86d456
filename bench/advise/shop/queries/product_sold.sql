SELECT sum(quantity) FROM order_items WHERE product_id = 321;
