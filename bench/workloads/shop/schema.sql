-- A web shop as such shops grow: most tables well kept, and the usual mistakes among them.
CREATE EXTENSION IF NOT EXISTS pg_stat_statements;

CREATE TABLE customers (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  email      text NOT NULL,
  name       text NOT NULL,
  country    char(2) NOT NULL,
  phone      varchar(20),
  created_at timestamptz NOT NULL,
  deleted_at timestamptz
);

CREATE TABLE categories (
  id     int PRIMARY KEY,
  name   text NOT NULL,
  parent int REFERENCES categories
);

CREATE TABLE products (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  category_id int NOT NULL REFERENCES categories,
  sku         text NOT NULL UNIQUE,
  name        text NOT NULL,
  price       numeric(10, 2) NOT NULL,
  attributes  jsonb NOT NULL,
  active      boolean NOT NULL
);
CREATE INDEX products_category_id_idx ON products (category_id);
CREATE INDEX products_category_id_name_idx ON products (category_id, name);  -- makes the one above redundant

CREATE TABLE orders (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  customer_id bigint NOT NULL REFERENCES customers,
  status      text NOT NULL,
  total       numeric(10, 2) NOT NULL,
  created_at  timestamptz NOT NULL,
  shipped_at  timestamptz
);
CREATE INDEX orders_created_at_idx ON orders (created_at);
CREATE INDEX orders_placed_idx ON orders (created_at);  -- the same index again

CREATE TABLE order_items (
  id         int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,  -- int: its range ends
  order_id   bigint NOT NULL REFERENCES orders ON DELETE CASCADE,
  product_id bigint NOT NULL REFERENCES products,
  quantity   int NOT NULL,
  price      numeric(10, 2) NOT NULL
);

CREATE TABLE reviews (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  product_id  bigint NOT NULL REFERENCES products,
  customer_id bigint REFERENCES customers,
  rating      int NOT NULL,
  body        text NOT NULL,
  created_at  timestamptz NOT NULL
);
CREATE INDEX reviews_product_id_idx ON reviews (product_id);

CREATE TABLE invoices (
  id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  number    varchar(16) NOT NULL UNIQUE,
  order_id  bigint NOT NULL UNIQUE REFERENCES orders ON DELETE CASCADE,
  issued_on date NOT NULL
);

CREATE TABLE page_views (  -- no primary key
  session_id uuid NOT NULL,
  path       text NOT NULL,
  viewed_at  timestamptz NOT NULL
) PARTITION BY RANGE (viewed_at);
CREATE TABLE page_views_2026_07 PARTITION OF page_views FOR VALUES FROM ('2026-07-01') TO ('2026-08-01');
CREATE TABLE page_views_2026_08 PARTITION OF page_views FOR VALUES FROM ('2026-08-01') TO ('2026-09-01');
CREATE TABLE page_views_2026_09 PARTITION OF page_views FOR VALUES FROM ('2026-09-01') TO ('2026-10-01');

CREATE TABLE stock_movements (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  product_id bigint NOT NULL REFERENCES products,
  delta      int NOT NULL,
  moved_at   timestamptz NOT NULL
) WITH (autovacuum_enabled = off);
