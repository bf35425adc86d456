SELECT
  g.name AS name,
  g.reset_val AS value,
  g.unit AS unit,
  g.source AS source
FROM pg_settings AS g
WHERE g.vartype IN ('bool', 'integer', 'real', 'enum')
   OR g.name IN ('shared_preload_libraries', 'search_path', 'server_version', 'server_encoding', 'lc_collate', 'TimeZone',
                 'pg_stat_statements.track')
ORDER BY g.name
