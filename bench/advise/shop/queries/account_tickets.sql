SELECT id, subject, status FROM tickets WHERE customer_id = 77 ORDER BY created_at DESC;
