SELECT p.id, p.order_id, p.amount FROM payments p WHERE p.state = 'failed' AND p.created_at >= '2025-10-01';
