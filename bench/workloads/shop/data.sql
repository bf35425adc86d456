-- 1.9 million rows, the same on every run.
SET synchronous_commit = off;

INSERT INTO categories SELECT n, 'Category ' || n, CASE WHEN n > 10 THEN 1 + n % 10 END FROM generate_series(1, 60) n;

INSERT INTO customers (email, name, country, phone, created_at, deleted_at)
SELECT 'user' || n || '@example.' || (ARRAY['com', 'org', 'net'])[1 + n % 3], 'Customer ' || n,
       (ARRAY['DE', 'FR', 'PL', 'ES', 'IT', 'NL', 'SE'])[1 + abs(hashint4(n)) % 7],
       '+49' || (100000000 + n), timestamptz '2024-01-01' + n * interval '8 minutes',
       CASE WHEN n % 50 = 0 THEN timestamptz '2026-06-01' + n * interval '1 second' END
FROM generate_series(1, 120000) n;

INSERT INTO products (category_id, sku, name, price, attributes, active)
SELECT 1 + n % 60, 'SKU-' || lpad(n::text, 8, '0'),
       (ARRAY['Lamp', 'Chair', 'Desk', 'Shelf', 'Clock', 'Vase', 'Rug', 'Sofa'])[1 + n % 8] || ' ' || md5(n::text),
       5 + (n % 400) * 0.95,
       jsonb_build_object('colour', (ARRAY['red', 'oak', 'white', 'black'])[1 + n % 4], 'weight', n % 50, 'brand', 'brand' || n % 300),
       n % 20 <> 0
FROM generate_series(1, 25000) n;

INSERT INTO orders (customer_id, status, total, created_at, shipped_at)
SELECT 1 + (abs(hashint4(n)) % 120000),
       CASE WHEN n > 418000 THEN 'open' WHEN n % 100 = 0 THEN 'cancelled' ELSE 'shipped' END,
       10 + abs(hashint4(n + 7)) % 500, timestamptz '2024-06-01' + n * interval '2.7 minutes',
       CASE WHEN n <= 418000 THEN timestamptz '2024-06-02' + n * interval '2.7 minutes' END
FROM generate_series(1, 420000) n;

INSERT INTO order_items (order_id, product_id, quantity, price)
SELECT 1 + (n / 2) % 420000, 1 + abs(hashint4(n)) % 25000, 1 + n % 4, 5 + n % 300
FROM generate_series(1, 840000) n;
SELECT setval('order_items_id_seq', 1650000000);  -- years of traffic went by

INSERT INTO reviews (product_id, customer_id, rating, body, created_at)
SELECT 1 + abs(hashint4(n)) % 25000, CASE WHEN n % 9 <> 0 THEN 1 + abs(hashint4(n + 3)) % 120000 END, 1 + n % 5,
       repeat('Nice. ', 5 + n % 10), timestamptz '2025-01-01' + n * interval '7 minutes'
FROM generate_series(1, 60000) n;

INSERT INTO invoices (number, order_id, issued_on)
SELECT lpad(n::text, 10, '0'), n, date '2024-06-01' + n / 500 FROM generate_series(1, 200000) n;

INSERT INTO page_views
SELECT ('00000000-0000-0000-0000-' || lpad((n % 40000)::text, 12, '0'))::uuid, '/p/' || n % 25000,
       timestamptz '2026-07-01' + n * interval '35 seconds'
FROM generate_series(1, 220000) n;

INSERT INTO stock_movements (product_id, delta, moved_at)
SELECT 1 + n % 25000, n % 7 - 3, timestamptz '2026-01-01' + n * interval '5 minutes' FROM generate_series(1, 40000) n;

SELECT pg_stat_force_next_flush();  -- else the counters of these inserts would arrive after the ANALYZE
VACUUM (ANALYZE) categories, customers, products, orders, order_items, reviews, invoices, page_views;
-- stock_movements stays unanalysed, as a table with autovacuum off does.
