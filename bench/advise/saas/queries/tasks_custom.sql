SELECT id, title, status FROM tasks WHERE custom @> '{"customer": "c1234"}' AND deleted_at IS NULL;
