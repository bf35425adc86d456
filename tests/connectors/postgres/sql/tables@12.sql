SELECT
  c.oid::bigint AS oid,
  n.nspname AS schema,
  c.relname AS name,
  c.relkind AS kind,
  c.reltuples::float8 AS rows,
  c.relpages::bigint AS pages,
  c.relallvisible::bigint AS all_visible_pages,
  c.relpersistence AS persistence,
  c.relreplident AS replica_identity,
  c.reloptions AS options,
  l.relation IS NOT NULL AS locked,
  CASE WHEN c.relkind IN ('r', 'm') AND l.relation IS NULL THEN pg_table_size(c.oid) END AS size,
  has_any_column_privilege(c.oid, 'SELECT') AS readable,
  c.relrowsecurity AND row_security_active(c.oid) AS row_security,
  CASE WHEN c.relispartition THEN (SELECT i.inhparent::bigint FROM pg_inherits AS i WHERE i.inhrelid = c.oid LIMIT 1) END AS parent,
  CASE WHEN c.relkind = 'p' AND l.relation IS NULL THEN pg_get_partkeydef(c.oid) END AS partition_key,
  CASE WHEN c.relkind = 'p' THEN ARRAY(SELECT a.attname::text FROM pg_partitioned_table AS p, unnest(p.partattrs::int2[]) WITH ORDINALITY AS k (number, place) JOIN pg_attribute AS a ON a.attnum = k.number WHERE p.partrelid = c.oid AND a.attrelid = c.oid ORDER BY k.place) END AS partition_columns,
  s.relid IS NOT NULL AS counted,
  s.seq_scan AS seq_scan,
  s.seq_tup_read AS seq_tup_read,
  s.idx_scan AS idx_scan,
  s.n_tup_ins AS n_tup_ins,
  s.n_tup_upd AS n_tup_upd,
  s.n_tup_hot_upd AS n_tup_hot_upd,
  s.n_tup_del AS n_tup_del,
  s.n_live_tup AS n_live_tup,
  s.n_dead_tup AS n_dead_tup,
  s.n_mod_since_analyze AS n_mod_since_analyze,
  (extract(epoch FROM GREATEST(s.last_analyze, s.last_autoanalyze)) * 1000000)::bigint AS last_analyze,
  (extract(epoch FROM GREATEST(s.last_vacuum, s.last_autovacuum)) * 1000000)::bigint AS last_vacuum
FROM pg_class AS c
JOIN pg_namespace AS n ON n.oid = c.relnamespace
LEFT JOIN pg_stat_user_tables AS s ON s.relid = c.oid
LEFT JOIN (SELECT DISTINCT relation FROM pg_locks
           WHERE locktype = 'relation' AND mode = 'AccessExclusiveLock'
             AND database = (SELECT oid FROM pg_database WHERE datname = current_database())) AS l
  ON l.relation = c.oid
WHERE c.relkind IN ('r', 'p', 'm', 'f')
  AND n.nspname NOT IN ('pg_catalog', 'information_schema')
  AND n.nspname !~ '^pg_(toast|temp_|toast_temp_)'
ORDER BY c.oid
