SELECT id, title FROM tasks WHERE tenant_id = 1 AND labels @> ARRAY['urgent'] AND deleted_at IS NULL;
