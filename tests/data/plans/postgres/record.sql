-- Records the documents of this folder: psql -X -f record.sql in an empty database of PostgreSQL 15. The folders 12 and
-- 18 hold those of other releases that are printed otherwise there (on 12 without enable_memoize and MERGE).
\set ON_ERROR_STOP on
\pset tuples_only on
\pset format unaligned
SET max_parallel_workers_per_gather = 0;
SET jit = off;
CREATE TABLE customers (id int PRIMARY KEY, name text NOT NULL, city text, active boolean NOT NULL);
CREATE TABLE orders (id int PRIMARY KEY, customer_id int NOT NULL REFERENCES customers, status text NOT NULL,
                     total numeric(10, 2) NOT NULL, created_at timestamptz NOT NULL);
CREATE TABLE events (id int, at date NOT NULL, payload jsonb) PARTITION BY RANGE (at);
CREATE TABLE events_2023 PARTITION OF events FOR VALUES FROM ('2023-01-01') TO ('2024-01-01');
CREATE TABLE events_2024 PARTITION OF events FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
INSERT INTO customers SELECT i, 'name ' || i, 'city ' || i % 50, i % 10 <> 0 FROM generate_series(1, 2000) i;
INSERT INTO orders SELECT i, 1 + i % 2000, (ARRAY['open', 'paid', 'sent'])[1 + i % 3], i % 500,
                          timestamptz '2024-01-01' + i * interval '1 minute' FROM generate_series(1, 20000) i;
INSERT INTO events SELECT i, date '2023-01-01' + i % 700, jsonb_build_object('k', i % 100) FROM generate_series(1, 10000) i;
CREATE INDEX orders_customer_id_idx ON orders (customer_id);
CREATE INDEX orders_created_at_idx ON orders (created_at);
CREATE INDEX orders_status_customer_id_idx ON orders (status, customer_id);
CREATE INDEX events_at_idx ON events (at);
VACUUM ANALYZE customers, orders, events;

BEGIN;
\o seq_scan.json
EXPLAIN (FORMAT JSON) SELECT * FROM orders WHERE total > 490 AND status <> 'open';
\o seq_scan.analyze.json
EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) SELECT * FROM orders WHERE total > 490 AND status <> 'open';
\o
ROLLBACK;

BEGIN;
\o index_scan.json
EXPLAIN (FORMAT JSON) SELECT * FROM orders WHERE customer_id = 7 AND total > 100;
\o index_scan.analyze.json
EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) SELECT * FROM orders WHERE customer_id = 7 AND total > 100;
\o
ROLLBACK;

BEGIN; SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off;
\o index_scan_ordered.json
EXPLAIN (FORMAT JSON) SELECT * FROM orders ORDER BY created_at LIMIT 10;
\o index_scan_ordered.analyze.json
EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) SELECT * FROM orders ORDER BY created_at LIMIT 10;
\o
ROLLBACK;

BEGIN;
\o index_scan_backward.json
EXPLAIN (FORMAT JSON) SELECT * FROM orders WHERE status = 'open' ORDER BY id DESC LIMIT 5;
\o index_scan_backward.analyze.json
EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) SELECT * FROM orders WHERE status = 'open' ORDER BY id DESC LIMIT 5;
\o
ROLLBACK;

BEGIN; SET LOCAL enable_bitmapscan = off;
\o index_only_scan.json
EXPLAIN (FORMAT JSON) SELECT count(*) FROM orders WHERE customer_id BETWEEN 10 AND 20;
\o index_only_scan.analyze.json
EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) SELECT count(*) FROM orders WHERE customer_id BETWEEN 10 AND 20;
\o
ROLLBACK;

BEGIN; SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off;
\o bitmap_heap_scan.json
EXPLAIN (FORMAT JSON) SELECT * FROM orders WHERE customer_id < 50;
\o bitmap_heap_scan.analyze.json
EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) SELECT * FROM orders WHERE customer_id < 50;
\o
ROLLBACK;

BEGIN; SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off;
\o bitmap_and.json
EXPLAIN (FORMAT JSON) SELECT * FROM orders WHERE created_at < '2024-01-01 08:00' AND customer_id < 60;
\o bitmap_and.analyze.json
EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) SELECT * FROM orders WHERE created_at < '2024-01-01 08:00' AND customer_id < 60;
\o
ROLLBACK;

BEGIN; SET LOCAL enable_seqscan = off;
\o bitmap_or.json
EXPLAIN (FORMAT JSON) SELECT * FROM orders WHERE customer_id = 5 OR created_at = '2024-01-02';
\o bitmap_or.analyze.json
EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) SELECT * FROM orders WHERE customer_id = 5 OR created_at = '2024-01-02';
\o
ROLLBACK;

BEGIN;
\o tid_scan.json
EXPLAIN (FORMAT JSON) SELECT * FROM orders WHERE ctid = '(0,1)';
\o tid_scan.analyze.json
EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) SELECT * FROM orders WHERE ctid = '(0,1)';
\o
ROLLBACK;

BEGIN;
\o tid_range_scan.json
EXPLAIN (FORMAT JSON) SELECT * FROM orders WHERE ctid < '(2,0)';
\o tid_range_scan.analyze.json
EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) SELECT * FROM orders WHERE ctid < '(2,0)';
\o
ROLLBACK;

BEGIN;
\o sample_scan.json
EXPLAIN (FORMAT JSON) SELECT * FROM orders TABLESAMPLE system (10) REPEATABLE (1);
\o sample_scan.analyze.json
EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) SELECT * FROM orders TABLESAMPLE system (10) REPEATABLE (1);
\o
ROLLBACK;

BEGIN; SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off; SET LOCAL enable_memoize = off;
\o nested_loop.json
EXPLAIN (FORMAT JSON) SELECT * FROM customers c JOIN orders o ON o.customer_id = c.id WHERE c.id < 20;
\o nested_loop.analyze.json
EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) SELECT * FROM customers c JOIN orders o ON o.customer_id = c.id WHERE c.id < 20;
\o
ROLLBACK;

BEGIN; SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off;
\o memoize.json
EXPLAIN (FORMAT JSON) SELECT c.name FROM orders o JOIN customers c ON c.id = o.customer_id WHERE o.id < 4000;
\o memoize.analyze.json
EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) SELECT c.name FROM orders o JOIN customers c ON c.id = o.customer_id WHERE o.id < 4000;
\o
ROLLBACK;

BEGIN;
\o hash_join.json
EXPLAIN (FORMAT JSON) SELECT * FROM customers c LEFT JOIN orders o ON o.customer_id = c.id AND o.total > 5 WHERE c.city = 'city 1';
\o hash_join.analyze.json
EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) SELECT * FROM customers c LEFT JOIN orders o ON o.customer_id = c.id AND o.total > 5 WHERE c.city = 'city 1';
\o
ROLLBACK;

BEGIN; SET LOCAL enable_hashjoin = off; SET LOCAL enable_nestloop = off;
\o merge_join.json
EXPLAIN (FORMAT JSON) SELECT * FROM customers c JOIN orders o ON o.customer_id = c.id ORDER BY c.id;
\o merge_join.analyze.json
EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) SELECT * FROM customers c JOIN orders o ON o.customer_id = c.id ORDER BY c.id;
\o
ROLLBACK;

BEGIN;
\o anti_join.json
EXPLAIN (FORMAT JSON) SELECT * FROM customers c WHERE NOT EXISTS (SELECT 1 FROM orders o WHERE o.customer_id = c.id AND o.status = 'open');
\o anti_join.analyze.json
EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) SELECT * FROM customers c WHERE NOT EXISTS (SELECT 1 FROM orders o WHERE o.customer_id = c.id AND o.status = 'open');
\o
ROLLBACK;

BEGIN; SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off;
\o materialize.json
EXPLAIN (FORMAT JSON) SELECT count(*) FROM customers a JOIN customers b ON a.city < b.city WHERE a.id < 5;
\o materialize.analyze.json
EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) SELECT count(*) FROM customers a JOIN customers b ON a.city < b.city WHERE a.id < 5;
\o
ROLLBACK;

BEGIN;
\o sort.json
EXPLAIN (FORMAT JSON) SELECT * FROM orders WHERE total > 400 ORDER BY total DESC, id;
\o sort.analyze.json
EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) SELECT * FROM orders WHERE total > 400 ORDER BY total DESC, id;
\o
ROLLBACK;

BEGIN; SET LOCAL work_mem = '64kB';
\o sort_on_disk.json
EXPLAIN (FORMAT JSON) SELECT * FROM orders ORDER BY total;
\o sort_on_disk.analyze.json
EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) SELECT * FROM orders ORDER BY total;
\o
ROLLBACK;

BEGIN;
\o incremental_sort.json
EXPLAIN (FORMAT JSON) SELECT * FROM orders ORDER BY customer_id, total LIMIT 20;
\o incremental_sort.analyze.json
EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) SELECT * FROM orders ORDER BY customer_id, total LIMIT 20;
\o
ROLLBACK;

BEGIN;
\o aggregate.json
EXPLAIN (FORMAT JSON) SELECT count(*), sum(total) FROM orders WHERE status = 'paid';
\o aggregate.analyze.json
EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) SELECT count(*), sum(total) FROM orders WHERE status = 'paid';
\o
ROLLBACK;

BEGIN;
\o hash_aggregate.json
EXPLAIN (FORMAT JSON) SELECT status, count(*) FROM orders GROUP BY status;
\o hash_aggregate.analyze.json
EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) SELECT status, count(*) FROM orders GROUP BY status;
\o
ROLLBACK;

BEGIN; SET LOCAL work_mem = '64kB'; SET LOCAL enable_sort = off;
\o hash_aggregate_on_disk.json
EXPLAIN (FORMAT JSON) SELECT total, created_at, count(*) FROM orders GROUP BY total, created_at;
\o hash_aggregate_on_disk.analyze.json
EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) SELECT total, created_at, count(*) FROM orders GROUP BY total, created_at;
\o
ROLLBACK;

BEGIN; SET LOCAL enable_hashagg = off;
\o group_aggregate.json
EXPLAIN (FORMAT JSON) SELECT customer_id, count(*) FROM orders GROUP BY customer_id HAVING count(*) > 3;
\o group_aggregate.analyze.json
EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) SELECT customer_id, count(*) FROM orders GROUP BY customer_id HAVING count(*) > 3;
\o
ROLLBACK;

BEGIN; SET LOCAL enable_hashagg = off;
\o group.json
EXPLAIN (FORMAT JSON) SELECT status FROM orders WHERE total > 10 GROUP BY status;
\o group.analyze.json
EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) SELECT status FROM orders WHERE total > 10 GROUP BY status;
\o
ROLLBACK;

BEGIN;
\o grouping_sets.json
EXPLAIN (FORMAT JSON) SELECT status, customer_id, count(*) FROM orders GROUP BY ROLLUP (status, customer_id);
\o grouping_sets.analyze.json
EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) SELECT status, customer_id, count(*) FROM orders GROUP BY ROLLUP (status, customer_id);
\o
ROLLBACK;

BEGIN; SET LOCAL enable_hashagg = off;
\o unique.json
EXPLAIN (FORMAT JSON) SELECT DISTINCT status, total FROM orders;
\o unique.analyze.json
EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) SELECT DISTINCT status, total FROM orders;
\o
ROLLBACK;

BEGIN;
\o set_op.json
EXPLAIN (FORMAT JSON) SELECT id FROM customers EXCEPT SELECT customer_id FROM orders;
\o set_op.analyze.json
EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) SELECT id FROM customers EXCEPT SELECT customer_id FROM orders;
\o
ROLLBACK;

BEGIN;
\o append.json
EXPLAIN (FORMAT JSON) SELECT id, name FROM customers WHERE id < 5 UNION ALL SELECT id, status FROM orders WHERE id < 5;
\o append.analyze.json
EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) SELECT id, name FROM customers WHERE id < 5 UNION ALL SELECT id, status FROM orders WHERE id < 5;
\o
ROLLBACK;

BEGIN;
\o merge_append.json
EXPLAIN (FORMAT JSON) SELECT * FROM events ORDER BY at LIMIT 5;
\o merge_append.analyze.json
EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) SELECT * FROM events ORDER BY at LIMIT 5;
\o
ROLLBACK;

BEGIN;
\o partitions.json
EXPLAIN (FORMAT JSON) SELECT count(*) FROM events WHERE payload @> '{"k": 1}';
\o partitions.analyze.json
EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) SELECT count(*) FROM events WHERE payload @> '{"k": 1}';
\o
ROLLBACK;

BEGIN;
\o window.json
EXPLAIN (FORMAT JSON) SELECT id, rank() OVER (PARTITION BY status ORDER BY total DESC) FROM orders;
\o window.analyze.json
EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) SELECT id, rank() OVER (PARTITION BY status ORDER BY total DESC) FROM orders;
\o
ROLLBACK;

BEGIN;
\o subquery_scan.json
EXPLAIN (FORMAT JSON) SELECT * FROM (SELECT *, row_number() OVER (ORDER BY total) AS r FROM orders) s WHERE s.r <= 5;
\o subquery_scan.analyze.json
EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) SELECT * FROM (SELECT *, row_number() OVER (ORDER BY total) AS r FROM orders) s WHERE s.r <= 5;
\o
ROLLBACK;

BEGIN;
\o cte_scan.json
EXPLAIN (FORMAT JSON) WITH recent AS MATERIALIZED (SELECT * FROM orders WHERE created_at > '2024-01-10') SELECT * FROM recent WHERE total > 400;
\o cte_scan.analyze.json
EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) WITH recent AS MATERIALIZED (SELECT * FROM orders WHERE created_at > '2024-01-10') SELECT * FROM recent WHERE total > 400;
\o
ROLLBACK;

BEGIN;
\o recursive_union.json
EXPLAIN (FORMAT JSON) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 50) SELECT * FROM n;
\o recursive_union.analyze.json
EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 50) SELECT * FROM n;
\o
ROLLBACK;

BEGIN;
\o function_scan.json
EXPLAIN (FORMAT JSON) SELECT * FROM generate_series(1, 100) s WHERE s > 50;
\o function_scan.analyze.json
EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) SELECT * FROM generate_series(1, 100) s WHERE s > 50;
\o
ROLLBACK;

BEGIN;
\o table_function_scan.json
EXPLAIN (FORMAT JSON) SELECT * FROM xmltable('/r' PASSING xml '<r/>' COLUMNS a text);
\o table_function_scan.analyze.json
EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) SELECT * FROM xmltable('/r' PASSING xml '<r/>' COLUMNS a text);
\o
ROLLBACK;

BEGIN;
\o values_scan.json
EXPLAIN (FORMAT JSON) SELECT * FROM (VALUES (1, 'a'), (2, 'b')) v(i, t) WHERE i > 1;
\o values_scan.analyze.json
EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) SELECT * FROM (VALUES (1, 'a'), (2, 'b')) v(i, t) WHERE i > 1;
\o
ROLLBACK;

BEGIN;
\o project_set.json
EXPLAIN (FORMAT JSON) SELECT generate_series(1, 3) FROM customers WHERE id < 3;
\o project_set.analyze.json
EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) SELECT generate_series(1, 3) FROM customers WHERE id < 3;
\o
ROLLBACK;

BEGIN;
\o result.json
EXPLAIN (FORMAT JSON) SELECT 1 WHERE now() < '2000-01-01';
\o result.analyze.json
EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) SELECT 1 WHERE now() < '2000-01-01';
\o
ROLLBACK;

BEGIN;
\o init_plan.json
EXPLAIN (FORMAT JSON) SELECT * FROM orders WHERE total > (SELECT avg(total) FROM orders);
\o init_plan.analyze.json
EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) SELECT * FROM orders WHERE total > (SELECT avg(total) FROM orders);
\o
ROLLBACK;

BEGIN;
\o sub_plan.json
EXPLAIN (FORMAT JSON) SELECT c.name, (SELECT max(o.total) FROM orders o WHERE o.customer_id = c.id) FROM customers c WHERE c.id < 30;
\o sub_plan.analyze.json
EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) SELECT c.name, (SELECT max(o.total) FROM orders o WHERE o.customer_id = c.id) FROM customers c WHERE c.id < 30;
\o
ROLLBACK;

BEGIN;
\o hashed_sub_plan.json
EXPLAIN (FORMAT JSON) SELECT * FROM customers WHERE id NOT IN (SELECT customer_id FROM orders WHERE status = 'open');
\o hashed_sub_plan.analyze.json
EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) SELECT * FROM customers WHERE id NOT IN (SELECT customer_id FROM orders WHERE status = 'open');
\o
ROLLBACK;

BEGIN; SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off;
\o never_executed.json
EXPLAIN (FORMAT JSON) SELECT * FROM customers c JOIN orders o ON o.customer_id = c.id WHERE c.id = -1;
\o never_executed.analyze.json
EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) SELECT * FROM customers c JOIN orders o ON o.customer_id = c.id WHERE c.id = -1;
\o
ROLLBACK;

BEGIN;
\o lock_rows.json
EXPLAIN (FORMAT JSON) SELECT * FROM orders WHERE id = 5 FOR UPDATE;
\o lock_rows.analyze.json
EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) SELECT * FROM orders WHERE id = 5 FOR UPDATE;
\o
ROLLBACK;

BEGIN;
\o insert.json
EXPLAIN (FORMAT JSON) INSERT INTO customers VALUES (5000, 'x', 'y', true) ON CONFLICT (id) DO NOTHING;
\o insert.analyze.json
EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) INSERT INTO customers VALUES (5000, 'x', 'y', true) ON CONFLICT (id) DO NOTHING;
\o
ROLLBACK;

BEGIN;
\o update.json
EXPLAIN (FORMAT JSON) UPDATE orders SET total = total + 1 WHERE customer_id = 5;
\o update.analyze.json
EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) UPDATE orders SET total = total + 1 WHERE customer_id = 5;
\o
ROLLBACK;

BEGIN;
\o delete.json
EXPLAIN (FORMAT JSON) DELETE FROM orders WHERE created_at < '2024-01-01 01:00';
\o delete.analyze.json
EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) DELETE FROM orders WHERE created_at < '2024-01-01 01:00';
\o
ROLLBACK;

BEGIN;
\o merge.json
EXPLAIN (FORMAT JSON) MERGE INTO customers c USING (SELECT 1 AS id, 'n' AS name) s ON c.id = s.id WHEN MATCHED THEN UPDATE SET name = s.name WHEN NOT MATCHED THEN INSERT VALUES (s.id, s.name, NULL, true);
\o merge.analyze.json
EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) MERGE INTO customers c USING (SELECT 1 AS id, 'n' AS name) s ON c.id = s.id WHEN MATCHED THEN UPDATE SET name = s.name WHEN NOT MATCHED THEN INSERT VALUES (s.id, s.name, NULL, true);
\o
ROLLBACK;

BEGIN; SET LOCAL max_parallel_workers_per_gather = 2; SET LOCAL parallel_setup_cost = 0; SET LOCAL parallel_tuple_cost = 0; SET LOCAL min_parallel_table_scan_size = 0;
\o gather.json
EXPLAIN (FORMAT JSON) SELECT count(*) FROM orders WHERE total > 250;
\o gather.analyze.json
EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) SELECT count(*) FROM orders WHERE total > 250;
\o
ROLLBACK;

BEGIN; SET LOCAL max_parallel_workers_per_gather = 2; SET LOCAL parallel_setup_cost = 0; SET LOCAL parallel_tuple_cost = 0; SET LOCAL min_parallel_table_scan_size = 0; SET LOCAL enable_indexscan = off;
\o gather_merge.json
EXPLAIN (FORMAT JSON) SELECT * FROM orders WHERE total > 250 ORDER BY total;
\o gather_merge.analyze.json
EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) SELECT * FROM orders WHERE total > 250 ORDER BY total;
\o
ROLLBACK;
