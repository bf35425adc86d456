SELECT
  s.schemaname AS schema,
  s.tablename AS name
FROM pg_stats AS s
WHERE (s.schemaname, s.tablename) IN (SELECT w.schema, w.name FROM unnest($1::name[], $2::name[]) AS w (schema, name))
GROUP BY s.schemaname, s.tablename
