SELECT o.id, o.total, i.product_id, i.quantity FROM orders o JOIN order_items i ON i.order_id = o.id WHERE o.customer_id = 4711 AND o.created_at >= '2025-06-01';
