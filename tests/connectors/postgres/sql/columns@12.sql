SELECT
  a.attrelid::bigint AS table_oid,
  a.attname AS name,
  format_type(a.atttypid, a.atttypmod) AS type,
  COALESCE(b.typname, t.typname) AS base_type,
  a.attnum AS position,
  a.attnotnull AS not_null,
  a.attidentity <> '' AS is_identity,
  CASE WHEN a.attcollation <> t.typcollation THEN l.collname END AS collation
FROM pg_attribute AS a
JOIN pg_class AS c ON c.oid = a.attrelid
JOIN pg_namespace AS n ON n.oid = c.relnamespace
JOIN pg_type AS t ON t.oid = a.atttypid
LEFT JOIN (WITH RECURSIVE chain AS (
             SELECT oid AS domain, typbasetype AS base FROM pg_type WHERE typtype = 'd'
             UNION ALL
             SELECT chain.domain, u.typbasetype FROM chain JOIN pg_type AS u ON u.oid = chain.base WHERE u.typtype = 'd')
           SELECT chain.domain, u.typname FROM chain JOIN pg_type AS u ON u.oid = chain.base WHERE u.typtype <> 'd') AS b
  ON b.domain = a.atttypid
LEFT JOIN pg_collation AS l ON l.oid = a.attcollation
WHERE a.attnum > 0 AND NOT a.attisdropped
  AND c.relkind IN ('r', 'p', 'm', 'f')
  AND n.nspname NOT IN ('pg_catalog', 'information_schema')
  AND n.nspname !~ '^pg_(toast|temp_|toast_temp_)'
ORDER BY a.attrelid, a.attnum
