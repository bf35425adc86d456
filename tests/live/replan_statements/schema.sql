-- A small web shop with every kind of column that the statements beside it use.
CREATE TYPE order_state AS ENUM ('new', 'paid', 'shipped', 'returned');
CREATE DOMAIN positive AS integer CHECK (VALUE > 0);
CREATE TABLE customers (
  id bigint PRIMARY KEY, email text NOT NULL, name varchar(80) NOT NULL, country char(2) NOT NULL,
  active boolean NOT NULL, score numeric(8, 2), born date, token uuid NOT NULL, address inet, deleted_at timestamptz);
CREATE TABLE products (
  id integer PRIMARY KEY, sku text NOT NULL, title text NOT NULL, price numeric(10, 2) NOT NULL, weight double precision,
  tags text[] NOT NULL, attributes jsonb NOT NULL, search tsvector, stock positive NOT NULL, hours int4range);
CREATE TABLE orders (
  id bigint PRIMARY KEY, customer_id bigint NOT NULL, state order_state NOT NULL, total numeric(12, 2) NOT NULL,
  created_at timestamptz NOT NULL, shipped_at timestamp, note text);
CREATE TABLE order_items (
  order_id bigint NOT NULL, line integer NOT NULL, product_id integer NOT NULL, quantity integer NOT NULL,
  price numeric(10, 2) NOT NULL, PRIMARY KEY (order_id, line));
CREATE TABLE events (id bigint NOT NULL, kind text NOT NULL, at timestamptz NOT NULL, payload jsonb NOT NULL)
  PARTITION BY RANGE (at);
CREATE TABLE events_1 PARTITION OF events FOR VALUES FROM ('2024-01-01') TO ('2024-04-01');
CREATE TABLE events_2 PARTITION OF events FOR VALUES FROM ('2024-04-01') TO ('2024-07-01');
CREATE TABLE events_3 PARTITION OF events FOR VALUES FROM ('2024-07-01') TO ('2024-10-01');
CREATE TABLE events_4 PARTITION OF events FOR VALUES FROM ('2024-10-01') TO ('2025-01-01');
CREATE TABLE tenants (tenant integer NOT NULL, id integer NOT NULL, name text) PARTITION BY LIST (tenant);
CREATE TABLE tenants_1 PARTITION OF tenants FOR VALUES IN (1);
CREATE TABLE tenants_2 PARTITION OF tenants FOR VALUES IN (2);
CREATE TABLE counters (name text PRIMARY KEY, value bigint NOT NULL, updated_at timestamptz NOT NULL DEFAULT now());
CREATE TABLE staging (id bigint, email text, amount numeric);
INSERT INTO customers SELECT i, 'user' || i || '@example.com', 'Name ' || i % 500, (ARRAY['DE', 'FR', 'US', 'GB'])[1 + i % 4],
  i % 10 <> 0, i % 1000 / 7.0, date '1960-01-01' + i % 18000, md5(i::text)::uuid, '10.0.0.0'::inet + i % 1000,
  CASE WHEN i % 50 = 0 THEN timestamptz '2024-05-01' + i * interval '1 minute' END FROM generate_series(1, 5000) i;
INSERT INTO products SELECT i, 'SKU-' || i, 'Product number ' || i, i % 300 + 0.99, i % 97 / 3.0,
  ARRAY['tag' || i % 9, 'tag' || i % 5], jsonb_build_object('color', (ARRAY['red', 'blue'])[1 + i % 2], 'size', i % 40),
  to_tsvector('simple', 'product number ' || i % 60), i % 100 + 1, int4range(i % 8, i % 8 + 4) FROM generate_series(1, 2000) i;
INSERT INTO orders SELECT i, 1 + i * 7 % 5000, (ARRAY['new', 'paid', 'shipped', 'returned'])[1 + (i % 20) / 6]::order_state,
  i % 900 / 3.0, timestamptz '2024-01-01' + i * interval '15 minutes',
  CASE WHEN i % 3 = 0 THEN timestamp '2024-01-02' + i * interval '15 minutes' END, 'note ' || i % 77
  FROM generate_series(1, 30000) i;
INSERT INTO order_items SELECT i / 2, i % 2, 1 + i * 13 % 2000, 1 + i % 5, i % 300 + 0.5 FROM generate_series(2, 60001) i;
INSERT INTO events SELECT i, 'kind' || i % 12, timestamptz '2024-01-01' + i * interval '12 minutes', jsonb_build_object('n', i % 100)
  FROM generate_series(1, 40000) i;
INSERT INTO tenants SELECT 1 + i % 2, i, 'tenant ' || i FROM generate_series(1, 2000) i;
INSERT INTO counters SELECT 'c' || i, i FROM generate_series(1, 100) i;
INSERT INTO staging SELECT i, 'user' || i || '@example.com', i FROM generate_series(4000, 4400) i;
CREATE INDEX orders_customer_id_idx ON orders (customer_id);
CREATE INDEX orders_created_at_idx ON orders (created_at);
CREATE INDEX customers_lower_idx ON customers (lower(email));
CREATE INDEX events_at_idx ON events (at);
CREATE INDEX products_attributes_idx ON products USING gin (attributes);
CREATE VIEW paid_orders AS SELECT o.*, c.country FROM orders o JOIN customers c ON c.id = o.customer_id WHERE o.state = 'paid';
ANALYZE;
