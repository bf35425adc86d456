SELECT
  i.indrelid::bigint AS table_oid,
  i.indexrelid::bigint AS oid,
  n.nspname AS schema,
  c.relname AS name,
  m.amname AS method,
  i.indisunique AS is_unique,
  i.indnullsnotdistinct AS nulls_not_distinct,
  i.indisvalid AS valid,
  i.indisready AS ready,
  EXISTS (SELECT FROM pg_stat_progress_create_index AS p WHERE p.index_relid = i.indexrelid) AS being_built,
  i.indisreplident AS replica_identity,
  k.type AS constraint_type,
  EXISTS (SELECT FROM pg_constraint AS k WHERE k.conindid = i.indexrelid AND k.contype = 'f') AS referenced,
  i.indnkeyatts AS key_count,
  ARRAY(SELECT COALESCE(a.attname::text, pg_get_indexdef(i.indexrelid, k.place::int, true)) FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS k (number, place) LEFT JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = k.number AND k.number <> 0 ORDER BY k.place) AS names,
  ARRAY(SELECT k FROM unnest(i.indkey::int2[]) AS k) AS numbers,
  ARRAY(SELECT k FROM unnest(i.indoption::int2[]) AS k) AS key_options,
  ARRAY(SELECT CASE WHEN o.opcdefault THEN '' ELSE o.opcname::text END FROM unnest(i.indclass::oid[]) WITH ORDINALITY AS k (class, place) JOIN pg_opclass AS o ON o.oid = k.class ORDER BY k.place) AS opclasses,
  ARRAY(SELECT CASE WHEN k.oid = 0 OR k.oid = a.attcollation OR l.collname = 'default' THEN '' ELSE COALESCE(l.collname::text, '') END FROM unnest(i.indcollation::oid[]) WITH ORDINALITY AS k (oid, place) LEFT JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = (i.indkey::int2[])[k.place - 1] AND a.attnum <> 0 LEFT JOIN pg_collation AS l ON l.oid = k.oid ORDER BY k.place) AS collations,
  pg_get_expr(i.indpred, i.indrelid, true) AS predicate,
  pg_get_indexdef(i.indexrelid) AS definition,
  c.reloptions AS options,
  c.relpages::bigint AS pages,
  current_setting('block_size') AS block_size,
  CASE WHEN c.relkind = 'i' AND li.relation IS NULL THEN pg_relation_size(i.indexrelid) END AS size,
  CASE WHEN c.relispartition THEN (SELECT p.relname FROM pg_inherits AS h JOIN pg_class AS p ON p.oid = h.inhparent WHERE h.inhrelid = i.indexrelid LIMIT 1) END AS parent,
  s.idx_scan AS idx_scan,
  s.idx_tup_read AS idx_tup_read,
  s.idx_tup_fetch AS idx_tup_fetch,
  (extract(epoch FROM s.last_idx_scan) * 1000000)::bigint AS last_scan
FROM pg_index AS i
JOIN pg_class AS c ON c.oid = i.indexrelid
JOIN pg_class AS t ON t.oid = i.indrelid
JOIN pg_namespace AS n ON n.oid = c.relnamespace
JOIN pg_am AS m ON m.oid = c.relam
LEFT JOIN pg_stat_user_indexes AS s ON s.indexrelid = i.indexrelid
LEFT JOIN (SELECT conindid, min(contype::text) FILTER (WHERE contype IN ('p', 'u', 'x')) AS type,
                  bool_or(contype = 'f') AS referenced
           FROM pg_constraint WHERE conindid <> 0 GROUP BY conindid) AS k ON k.conindid = i.indexrelid
LEFT JOIN (SELECT DISTINCT index_relid FROM pg_stat_progress_create_index) AS b ON b.index_relid = i.indexrelid
LEFT JOIN (SELECT DISTINCT relation FROM pg_locks
           WHERE locktype = 'relation' AND mode = 'AccessExclusiveLock'
             AND database = (SELECT oid FROM pg_database WHERE datname = current_database())) AS lt
  ON lt.relation = i.indrelid
LEFT JOIN (SELECT DISTINCT relation FROM pg_locks
           WHERE locktype = 'relation' AND mode = 'AccessExclusiveLock'
             AND database = (SELECT oid FROM pg_database WHERE datname = current_database())) AS li
  ON li.relation = i.indexrelid
WHERE lt.relation IS NULL
  AND t.relkind IN ('r', 'p', 'm')
  AND n.nspname NOT IN ('pg_catalog', 'information_schema')
  AND n.nspname !~ '^pg_(toast|temp_|toast_temp_)'
ORDER BY n.nspname, c.relname
