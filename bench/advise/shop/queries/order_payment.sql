SELECT state, amount FROM payments WHERE order_id = 123456;
