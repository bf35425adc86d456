SELECT id, total, created_at FROM orders WHERE customer_id = 815 AND status = 'delivered' ORDER BY created_at DESC LIMIT 10;
