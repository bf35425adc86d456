SELECT id, actor_id, verb, at FROM activity WHERE tenant_id = 1 AND at >= '2025-10-01' AND at < '2025-11-01' ORDER BY at;
