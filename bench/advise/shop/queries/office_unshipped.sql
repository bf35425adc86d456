SELECT count(*) FROM orders WHERE shipped_at IS NULL AND status = 'processing';
