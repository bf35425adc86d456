SELECT t.name, count(*) FROM tenants t JOIN tasks k ON k.tenant_id = t.id WHERE t.settings->>'plan' = 'enterprise' AND k.created_at >= '2025-10-01' GROUP BY t.name;
