-- A web shop of fourteen tables, 3.2 million rows in all, with nothing but its primary and unique keys and three indexes
-- that somebody once added. The same rows at every run: values come from the row number, never from random().
--   createdb shop && psql -d shop -f schema.sql
SET synchronous_commit = off;

-- A number of 0..1 that looks random and is not.
CREATE FUNCTION noise(n bigint, salt int) RETURNS double precision LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
  $$ SELECT ((hashint8extended(n, salt) & 9007199254740991)::double precision) / 9007199254740992.0 $$;

CREATE TABLE customers (id bigint PRIMARY KEY, email text NOT NULL, name text NOT NULL, country char(2) NOT NULL,
  tier int NOT NULL, created_at timestamptz NOT NULL, deleted_at timestamptz);
INSERT INTO customers SELECT n, 'Customer' || n || '@example.com', 'Name ' || (n * 7919 % 40000),
  (ARRAY['DE','FR','US','GB','IT','ES','NL','PL'])[1 + floor(8 * power(noise(n, 1), 2))::int], floor(4 * power(noise(n, 2), 3))::int,
  timestamptz '2022-01-01' + noise(n, 3) * interval '1400 days',
  CASE WHEN noise(n, 4) < 0.03 THEN timestamptz '2025-11-01' - noise(n, 5) * interval '300 days' END
  FROM generate_series(1, 80000) n;

CREATE TABLE addresses (id bigint PRIMARY KEY, customer_id bigint NOT NULL, city text NOT NULL, postcode text NOT NULL, is_default boolean NOT NULL);
INSERT INTO addresses SELECT n, 1 + floor(80000 * noise(n, 6))::bigint, 'City ' || floor(3000 * power(noise(n, 7), 2)),
  lpad((floor(90000 * noise(n, 8)))::text, 5, '0'), noise(n, 9) < 0.6 FROM generate_series(1, 120000) n;

CREATE TABLE categories (id int PRIMARY KEY, parent_id int, name text NOT NULL);
INSERT INTO categories SELECT n, CASE WHEN n > 20 THEN 1 + n % 20 END, 'Category ' || n FROM generate_series(1, 300) n;

CREATE TABLE products (id bigint PRIMARY KEY, sku text NOT NULL UNIQUE, category_id int NOT NULL, brand_id int NOT NULL, name text NOT NULL,
  price numeric(10,2) NOT NULL, active boolean NOT NULL, attributes jsonb NOT NULL, updated_at timestamptz NOT NULL);
INSERT INTO products SELECT n, 'SKU-' || n, 1 + floor(300 * power(noise(n, 10), 2))::int, 1 + floor(400 * noise(n, 11))::int, 'Product ' || n,
  5 + round((500 * power(noise(n, 12), 3))::numeric, 2), noise(n, 13) < 0.85,
  jsonb_build_object('color', (ARRAY['red','blue','green','black','white'])[1 + floor(5 * noise(n, 14))::int], 'weight', floor(1000 * noise(n, 15))),
  timestamptz '2025-11-01' - noise(n, 16) * interval '700 days' FROM generate_series(1, 40000) n;

CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint NOT NULL, status text NOT NULL, channel text NOT NULL, total numeric(10,2) NOT NULL,
  coupon_id bigint, created_at timestamptz NOT NULL, shipped_at timestamptz, note text);
INSERT INTO orders SELECT n, 1 + floor(80000 * power(noise(n, 17), 1.5))::bigint,
  CASE WHEN n > 598000 AND noise(n, 18) < 0.8 THEN 'pending' WHEN noise(n, 18) < 0.004 THEN 'pending' WHEN noise(n, 18) < 0.03 THEN 'processing'
       WHEN noise(n, 18) < 0.08 THEN 'cancelled' WHEN noise(n, 18) < 0.12 THEN 'returned' ELSE 'delivered' END,
  (ARRAY['web','web','app','store'])[1 + floor(4 * noise(n, 19))::int], round((20 + 400 * noise(n, 20))::numeric, 2),
  CASE WHEN noise(n, 21) < 0.05 THEN 1 + floor(2000 * noise(n, 22))::bigint END,
  timestamptz '2023-01-01' + n * interval '150 seconds',
  CASE WHEN n < 597000 AND noise(n, 23) < 0.95 THEN timestamptz '2023-01-01' + n * interval '150 seconds' + noise(n, 24) * interval '5 days' END,
  repeat('note ', (3 * noise(n, 25))::int) FROM generate_series(1, 600000) n;
CREATE INDEX orders_created_at_idx ON orders (created_at);

CREATE TABLE order_items (order_id bigint NOT NULL, line int NOT NULL, product_id bigint NOT NULL, quantity int NOT NULL, price numeric(10,2) NOT NULL,
  returned boolean NOT NULL, PRIMARY KEY (order_id, line));
INSERT INTO order_items SELECT 1 + n / 2, 1 + n % 2, 1 + floor(40000 * power(noise(n, 26), 2))::bigint, 1 + floor(4 * noise(n, 27))::int,
  round((5 + 100 * noise(n, 28))::numeric, 2), noise(n, 29) < 0.02 FROM generate_series(0, 1199999) n;

CREATE TABLE payments (id bigint PRIMARY KEY, order_id bigint NOT NULL, method text NOT NULL, state text NOT NULL, amount numeric(10,2) NOT NULL,
  created_at timestamptz NOT NULL, settled_at timestamptz);
INSERT INTO payments SELECT n, n, (ARRAY['card','card','card','paypal','invoice'])[1 + floor(5 * noise(n, 30))::int],
  CASE WHEN noise(n, 31) < 0.01 THEN 'failed' WHEN noise(n, 31) < 0.015 THEN 'open' ELSE 'settled' END, round((20 + 400 * noise(n, 20))::numeric, 2),
  timestamptz '2023-01-01' + n * interval '150 seconds',
  CASE WHEN noise(n, 31) >= 0.015 THEN timestamptz '2023-01-01' + n * interval '151 seconds' END FROM generate_series(1, 600000) n;

CREATE TABLE reviews (id bigint PRIMARY KEY, product_id bigint NOT NULL, customer_id bigint NOT NULL, rating int NOT NULL, body text NOT NULL,
  approved boolean NOT NULL, created_at timestamptz NOT NULL);
INSERT INTO reviews SELECT n, 1 + floor(40000 * power(noise(n, 32), 2))::bigint, 1 + floor(80000 * noise(n, 33))::bigint, 1 + floor(5 * noise(n, 34))::int,
  repeat('good ', 5 + (20 * noise(n, 35))::int), noise(n, 36) < 0.96, timestamptz '2025-11-01' - noise(n, 37) * interval '900 days'
  FROM generate_series(1, 150000) n;
CREATE INDEX reviews_product_id_idx ON reviews (product_id);

CREATE TABLE stock (product_id bigint NOT NULL, warehouse_id int NOT NULL, quantity int NOT NULL, updated_at timestamptz NOT NULL,
  PRIMARY KEY (warehouse_id, product_id));
INSERT INTO stock SELECT 1 + n / 3, 1 + n % 3, floor(200 * power(noise(n, 38), 3))::int, timestamptz '2025-11-01' - noise(n, 39) * interval '100 days'
  FROM generate_series(0, 119999) n;

CREATE TABLE sessions (id bigint PRIMARY KEY, token text NOT NULL, customer_id bigint, started_at timestamptz NOT NULL, ended_at timestamptz);
INSERT INTO sessions SELECT n, md5(n::text), CASE WHEN noise(n, 40) < 0.4 THEN 1 + floor(80000 * noise(n, 41))::bigint END,
  timestamptz '2025-10-01' + n * interval '10 seconds', CASE WHEN noise(n, 42) < 0.98 THEN timestamptz '2025-10-01' + n * interval '11 seconds' END
  FROM generate_series(1, 250000) n;

CREATE TABLE coupons (id bigint PRIMARY KEY, code text NOT NULL, valid_until date NOT NULL);
INSERT INTO coupons SELECT n, 'CODE' || n, date '2025-01-01' + (n % 600)::int FROM generate_series(1, 20000) n;

CREATE TABLE jobs (id bigint PRIMARY KEY, queue text NOT NULL, state text NOT NULL, priority int NOT NULL, run_at timestamptz NOT NULL, payload jsonb NOT NULL);
INSERT INTO jobs SELECT n, (ARRAY['mail','mail','export','sync'])[1 + floor(4 * noise(n, 43))::int],
  CASE WHEN n > 299000 THEN 'queued' WHEN noise(n, 44) < 0.005 THEN 'failed' ELSE 'done' END, floor(5 * noise(n, 45))::int,
  timestamptz '2025-09-01' + n * interval '15 seconds', '{"a": 1}' FROM generate_series(1, 300000) n;

CREATE TABLE notifications (id bigint PRIMARY KEY, customer_id bigint NOT NULL, kind text NOT NULL, read_at timestamptz, created_at timestamptz NOT NULL, body text NOT NULL);
INSERT INTO notifications SELECT n, 1 + floor(80000 * noise(n, 46))::bigint, (ARRAY['order','promo','system'])[1 + floor(3 * noise(n, 47))::int],
  CASE WHEN noise(n, 48) < 0.93 THEN timestamptz '2025-11-01' END, timestamptz '2025-01-01' + n * interval '60 seconds', repeat('text ', 10)
  FROM generate_series(1, 400000) n;
CREATE INDEX notifications_customer_id_idx ON notifications (customer_id);

CREATE TABLE tickets (id bigint PRIMARY KEY, customer_id bigint NOT NULL, agent_id int, status text NOT NULL, subject text NOT NULL, created_at timestamptz NOT NULL);
INSERT INTO tickets SELECT n, 1 + floor(80000 * noise(n, 49))::bigint, CASE WHEN noise(n, 50) < 0.9 THEN 1 + floor(60 * noise(n, 51))::int END,
  CASE WHEN noise(n, 52) < 0.04 THEN 'open' ELSE 'closed' END, 'Subject ' || n, timestamptz '2024-01-01' + n * interval '1500 seconds'
  FROM generate_series(1, 40000) n;

VACUUM ANALYZE;
