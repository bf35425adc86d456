SELECT
  n.nspname AS schema,
  e.stxname AS name,
  tn.nspname AS table_schema,
  t.relname AS table,
  ARRAY(SELECT a.attname::text FROM unnest(e.stxkeys::int2[]) WITH ORDINALITY AS u (number, place) JOIN pg_attribute AS a ON a.attrelid = e.stxrelid AND a.attnum = u.number ORDER BY u.place) AS columns,
  array_to_string(e.stxkind, '') AS kinds
FROM pg_statistic_ext AS e
JOIN pg_namespace AS n ON n.oid = e.stxnamespace
JOIN pg_class AS t ON t.oid = e.stxrelid
JOIN pg_namespace AS tn ON tn.oid = t.relnamespace
ORDER BY n.nspname, e.stxname
