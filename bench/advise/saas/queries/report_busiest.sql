SELECT tenant_id, count(*) FROM tasks WHERE created_at >= '2025-08-01' AND deleted_at IS NULL GROUP BY tenant_id ORDER BY 2 DESC LIMIT 20;
