SELECT id, email FROM users WHERE tenant_id = 3 AND role = 'admin' AND deleted_at IS NULL;
