SELECT id, created_at, published_at FROM outbox WHERE key = 'k4711' ORDER BY id DESC LIMIT 10;
