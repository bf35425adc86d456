SELECT p.id, o.customer_id FROM payments p JOIN orders o ON o.id = p.order_id WHERE p.settled_at IS NULL AND p.method = 'invoice';
