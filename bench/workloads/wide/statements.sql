-- :shapes statements that differ in shape, each run once: twelve kinds over the tables, told apart by what they select.
CREATE FUNCTION pg_temp.columns_of(n int) RETURNS text LANGUAGE sql AS $$
  SELECT (ARRAY['id', 'id, code', 'id, status', 'id, amount', 'id, owner_id, code', 'id, created_at', 'id, note', 'id, parent_id'])[1 + n % 8]
$$;
SELECT format((ARRAY[
    'SELECT %2$s FROM t%1$s WHERE owner_id = %3$s',
    'SELECT %2$s FROM t%1$s WHERE code = ''code-%3$s''',
    'SELECT %2$s FROM t%1$s WHERE status = ''paid'' ORDER BY created_at DESC LIMIT 20',
    'SELECT %2$s FROM t%1$s WHERE owner_id = %3$s AND status = ''new'' AND created_at >= ''2025-01-02''',
    'SELECT %2$s FROM t%1$s WHERE deleted_at IS NULL AND owner_id = %3$s ORDER BY amount LIMIT 10',
    'SELECT kind, count(*) FROM (SELECT status AS kind, %2$s FROM t%1$s WHERE created_at > ''2025-01-01'') s GROUP BY kind',
    'SELECT c.*, p.code FROM (SELECT parent_id AS parent, %2$s FROM t%1$s) c JOIN t%4$s p ON p.id = c.parent WHERE p.owner_id = %3$s',
    'SELECT %2$s FROM t%1$s WHERE lower(code) = ''code-%3$s''',
    'SELECT %2$s FROM t%1$s WHERE owner_id IN (%3$s, 7, 8) AND amount BETWEEN 10 AND 20',
    'SELECT %2$s FROM t%1$s WHERE EXISTS (SELECT 1 FROM t%4$s p WHERE p.parent_id = t%1$s.id AND p.status = ''sent'')',
    'UPDATE t%1$s SET note = ''%3$s'' WHERE code = ''code-%3$s'' AND status = ''paid'' RETURNING %2$s',
    'SELECT %2$s FROM t%1$s WHERE data @> ''{"k": 3}'' AND created_at < ''2025-02-01'''
  ])[1 + (n + n / :tables) % 12],
  1 + n % :tables, pg_temp.columns_of(n / :tables + n % 7), n % 500, 1 + (n + 1) % :tables)
FROM generate_series(0, :shapes - 1) n \gexec
