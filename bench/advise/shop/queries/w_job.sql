INSERT INTO jobs VALUES (9000001, 'mail', 'queued', 1, now(), '{}');
