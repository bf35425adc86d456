INSERT INTO order_items VALUES (9000001, 1, 321, 1, 10, false);
