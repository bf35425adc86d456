UPDATE orders SET status = 'processing' WHERE id = 123456;
