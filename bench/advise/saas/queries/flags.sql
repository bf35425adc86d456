SELECT name FROM feature_flags WHERE enabled OR 17 = ANY (tenant_ids);
