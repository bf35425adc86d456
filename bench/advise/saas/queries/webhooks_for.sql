SELECT id, url FROM webhooks WHERE tenant_id = 42 AND active AND events @> ARRAY['task.updated'];
