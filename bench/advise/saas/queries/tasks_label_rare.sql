SELECT id, tenant_id FROM tasks WHERE labels && ARRAY['l297', 'l298'];
