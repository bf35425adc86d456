SELECT id, title FROM documents WHERE tenant_id = 1 AND meta @> '{"template": true}' AND deleted_at IS NULL;
