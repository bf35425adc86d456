SELECT id, tenant_id, scopes FROM api_keys WHERE key_hash = 'b637b17af08aced8850c18cccde915da' AND revoked_at IS NULL;
