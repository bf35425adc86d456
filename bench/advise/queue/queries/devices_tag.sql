SELECT count(*) FROM devices WHERE meta->'tags' ? 't17';
