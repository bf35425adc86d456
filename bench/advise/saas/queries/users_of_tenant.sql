SELECT id, name, role, last_seen_at FROM users WHERE tenant_id = 42 AND deleted_at IS NULL ORDER BY name LIMIT 100;
