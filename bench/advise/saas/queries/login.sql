SELECT id, tenant_id, role FROM users WHERE lower(email) = 'user.4711@example.org' AND deleted_at IS NULL;
