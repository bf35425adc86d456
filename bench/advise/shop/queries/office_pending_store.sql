SELECT id, total FROM orders WHERE status = 'pending' AND channel = 'store' ORDER BY created_at;
