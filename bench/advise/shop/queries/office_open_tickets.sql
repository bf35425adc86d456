SELECT id, customer_id, subject FROM tickets WHERE status = 'open' ORDER BY created_at LIMIT 30;
