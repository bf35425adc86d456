SELECT id, name FROM users WHERE tenant_id = 1 AND name ILIKE '%cleo%' AND deleted_at IS NULL LIMIT 10;
