SELECT id, url FROM endpoints WHERE account_id = 42 AND disabled_at IS NULL;
