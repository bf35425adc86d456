SELECT id, name, settings FROM tenants WHERE slug = 'tenant-815' AND deleted_at IS NULL;
