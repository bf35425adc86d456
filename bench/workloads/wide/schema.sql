-- A generated database: :tables tables of ten columns with four indexes each, :rows rows in most and 25 times as many in every tenth.
CREATE EXTENSION IF NOT EXISTS pg_stat_statements;
SELECT format(
  'CREATE TABLE t%1$s (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, parent_id bigint%2$s, owner_id int NOT NULL,
     code text NOT NULL, status text NOT NULL, amount numeric(10, 2), note text, data jsonb, created_at timestamptz NOT NULL,
     deleted_at timestamptz)',
  n, CASE WHEN n > 1 THEN format(' REFERENCES t%s', n - 1) ELSE '' END)
FROM generate_series(1, :tables) n \gexec
SELECT format(
  'INSERT INTO t%1$s (parent_id, owner_id, code, status, amount, note, data, created_at, deleted_at)
   SELECT %2$s, abs(hashint4(i)) %% 500, ''code-'' || i, (ARRAY[''new'', ''paid'', ''sent'', ''done''])[1 + i %% 4], i %% 1000,
          repeat(''x'', i %% 40), jsonb_build_object(''k'', i %% 20), timestamptz ''2025-01-01'' + i * interval ''1 minute'',
          CASE WHEN i %% 10 = 0 THEN timestamptz ''2026-01-01'' END
   FROM generate_series(1, %3$s) i',
  n, CASE WHEN n > 1 THEN format('1 + i %% %s', :rows) ELSE 'NULL' END, CASE WHEN n % 10 = 0 THEN 25 * :rows ELSE :rows END)
FROM generate_series(1, :tables) n \gexec
SELECT format('CREATE INDEX ON t%s (created_at)', n) FROM generate_series(1, :tables) n \gexec
SELECT format('CREATE INDEX ON t%s (owner_id)', n) FROM generate_series(1, :tables) n WHERE n % 3 <> 0 \gexec
SELECT format('CREATE INDEX ON t%s (status, created_at)', n) FROM generate_series(1, :tables) n WHERE n % 4 = 0 \gexec
ANALYZE;
