UPDATE payments SET state = 'settled', settled_at = now() WHERE order_id = 123456;
