SELECT id, title, updated_at FROM documents WHERE tenant_id = 17 AND deleted_at IS NULL ORDER BY lower(title) LIMIT 50;
