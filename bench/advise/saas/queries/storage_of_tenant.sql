SELECT coalesce(sum(bytes), 0) FROM attachments WHERE tenant_id = 42;
