SELECT id, name FROM tenants WHERE settings->>'plan' = 'enterprise' AND deleted_at IS NULL;
