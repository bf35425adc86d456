SELECT tenant_id, count(*) FROM users WHERE last_seen_at < '2024-01-01' AND deleted_at IS NULL GROUP BY tenant_id;
