SELECT
  q.schemaname AS schema,
  q.sequencename AS name,
  q.data_type::text AS data_type,
  q.last_value AS last_value,
  has_sequence_privilege(c.oid, 'SELECT, USAGE') AS readable,
  q.increment_by AS increment,
  q.max_value AS max_value,
  q.cycle AS cycles,
  o.schema AS owner_schema,
  o.name AS owner_table,
  o.column_name AS owner_column,
  o.type AS owner_type
FROM pg_sequences AS q
JOIN pg_namespace AS n ON n.nspname = q.schemaname
JOIN pg_class AS c ON c.relnamespace = n.oid AND c.relname = q.sequencename
LEFT JOIN LATERAL (
  SELECT tn.nspname AS schema, t.relname AS name, a.attname AS column_name,
         COALESCE((SELECT b.typname FROM pg_type AS b WHERE y.typtype = 'd' AND b.oid = y.typbasetype), y.typname) AS type
  FROM (SELECT d.refobjid AS relation, d.refobjsubid AS number, 1 AS rank
        FROM pg_depend AS d
        WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.refclassid = 'pg_class'::regclass
          AND d.deptype IN ('a', 'i') AND d.refobjsubid > 0
        UNION ALL
        SELECT f.adrelid, f.adnum, 2
        FROM pg_depend AS d JOIN pg_attrdef AS f ON f.oid = d.objid
        WHERE d.classid = 'pg_attrdef'::regclass AND d.refclassid = 'pg_class'::regclass AND d.refobjid = c.oid) AS u
  JOIN pg_class AS t ON t.oid = u.relation
  JOIN pg_namespace AS tn ON tn.oid = t.relnamespace
  JOIN pg_attribute AS a ON a.attrelid = u.relation AND a.attnum = u.number
  JOIN pg_type AS y ON y.oid = a.atttypid
  ORDER BY u.rank, t.relname LIMIT 1) AS o ON true
WHERE n.nspname NOT IN ('pg_catalog', 'information_schema')
ORDER BY q.schemaname, q.sequencename
