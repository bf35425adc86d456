SELECT id, actor_id, verb, object_type, object_id, at FROM activity WHERE tenant_id = 17 ORDER BY at DESC LIMIT 50;
