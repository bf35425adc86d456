-- A retailer's warehouse: a star of sales, stock, shipments, visits and returns around slowly changing dimensions, with the
-- primary keys and the three indexes its loader came with. Facts are loaded in the order of time; one shop sells a third of
-- all, products and promotions have their seasons, parcels in transit are the newest and lost ones the oldest.
-- The same rows at every run: values come from the row number, never from random().
--   createdb star && psql -d star -f schema.sql
SET synchronous_commit = off;
CREATE EXTENSION IF NOT EXISTS pg_trgm;

-- A number of 0..1 that looks random and is not.
CREATE FUNCTION noise(n bigint, salt int) RETURNS double precision LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
  $$ SELECT ((hashint8extended(n, salt) & 9007199254740991)::double precision) / 9007199254740992.0 $$;
-- A day of the warehouse as the key of dim_date.
CREATE FUNCTION day_key(day date) RETURNS int LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
  $$ SELECT (extract(year FROM day) * 10000 + extract(month FROM day) * 100 + extract(day FROM day))::int $$;

CREATE TABLE dim_date (date_key int PRIMARY KEY, day date NOT NULL, year int NOT NULL, quarter int NOT NULL, month int NOT NULL,
  week int NOT NULL, weekday int NOT NULL, is_holiday boolean NOT NULL);
INSERT INTO dim_date SELECT day_key(d), d, extract(year FROM d), extract(quarter FROM d), extract(month FROM d), extract(week FROM d),
  extract(isodow FROM d), noise(n, 1) < 0.03 FROM (SELECT n, date '2020-01-01' + n AS d FROM generate_series(0, 2556) n) days;

CREATE TABLE dim_store (store_id int PRIMARY KEY, code text NOT NULL, name text NOT NULL, city text NOT NULL, region text NOT NULL,
  country char(2) NOT NULL, format text NOT NULL, opened_on date NOT NULL, closed_on date);
INSERT INTO dim_store SELECT n, 'S' || lpad(n::text, 4, '0'), CASE WHEN n = 1 THEN 'Online' ELSE 'Store ' || n END, 'City ' || n % 240,
  'Region ' || n % 24, (ARRAY['DE','DE','DE','FR','AT','NL'])[1 + floor(6 * noise(n % 24, 2))::int],
  (ARRAY['super','super','express','hyper'])[1 + floor(4 * noise(n, 3))::int], date '2005-01-01' + (5000 * noise(n, 4))::int,
  CASE WHEN noise(n, 5) < 0.07 THEN date '2024-06-01' - (900 * noise(n, 6))::int END FROM generate_series(1, 800) n;

-- Three versions of 20,000 products, two of 70,000 customers; the last is the current one.
CREATE TABLE dim_product (product_id int PRIMARY KEY, sku text NOT NULL, name text NOT NULL, brand text NOT NULL, category text NOT NULL,
  subcategory text NOT NULL, supplier_id int NOT NULL, list_price numeric(10,2) NOT NULL, launched_on date NOT NULL,
  valid_from date NOT NULL, valid_to date, is_current boolean NOT NULL);
INSERT INTO dim_product SELECT n, 'SKU-' || lpad((1 + (n - 1) % 20000)::text, 6, '0'),
  (ARRAY['Organic','Classic','Fresh','Premium','Family','Light'])[1 + floor(6 * noise((n - 1) % 20000, 7))::int] || ' ' ||
  (ARRAY['juice','bread','cheese','coffee','soap','pasta','rice','wine','tea','yoghurt'])[1 + floor(10 * noise((n - 1) % 20000, 8))::int] || ' ' || (n - 1) % 20000,
  'Brand ' || floor(600 * power(noise((n - 1) % 20000, 9), 2)), 'Category ' || c, 'Sub ' || c || '.' || floor(8 * noise((n - 1) % 20000, 10)),
  1 + floor(300 * noise((n - 1) % 20000, 11))::int, 1 + round((80 * power(noise(n, 12), 3))::numeric, 2),
  date '2019-01-01' + (2490 * noise((n - 1) % 20000, 13))::int, date '2019-01-01' + (n - 1) / 20000 * 800,
  CASE WHEN n <= 40000 THEN date '2019-01-01' + (1 + (n - 1) / 20000) * 800 END, n > 40000
  FROM (SELECT n, floor(30 * power(noise((n - 1) % 20000, 14), 2))::int AS c FROM generate_series(1, 60000) n) p;

CREATE TABLE dim_customer (customer_id int PRIMARY KEY, customer_no text NOT NULL, segment text NOT NULL, city text NOT NULL, country char(2) NOT NULL,
  birth_year int, joined_on date NOT NULL, valid_from date NOT NULL, valid_to date, is_current boolean NOT NULL);
INSERT INTO dim_customer SELECT n, 'C' || lpad((1 + (n - 1) % 70000)::text, 7, '0'),
  CASE WHEN noise(n, 15) < 0.01 THEN 'vip' WHEN noise(n, 15) < 0.2 THEN 'loyal' WHEN noise(n, 15) < 0.85 THEN 'regular' ELSE 'dormant' END,
  CASE WHEN noise(n, 16) < 0.1 THEN 'Berlin' ELSE 'City ' || floor(900 * power(noise(n, 17), 2)) END,
  (ARRAY['DE','DE','DE','FR','AT','NL'])[1 + floor(6 * noise(n, 18))::int], CASE WHEN noise(n, 19) < 0.6 THEN 1940 + floor(65 * noise(n, 20))::int END,
  date '2015-01-01' + (3900 * noise((n - 1) % 70000, 21))::int, date '2015-01-01' + (n - 1) / 70000 * 2600,
  CASE WHEN n <= 70000 THEN date '2015-01-01' + 2600 END, n > 70000 FROM generate_series(1, 140000) n;

CREATE TABLE dim_promotion (promotion_id int PRIMARY KEY, name text NOT NULL, kind text NOT NULL, starts_on date NOT NULL, ends_on date NOT NULL);
INSERT INTO dim_promotion SELECT n, 'Promotion ' || n, (ARRAY['price','bundle','coupon'])[1 + n % 3], date '2022-01-01' + n * 3, date '2022-01-01' + n * 3 + 10
  FROM generate_series(1, 460) n;

-- Sales of 2022-01-01 to 2025-10-31 in the order of time: later years sell more, weekends twice, promotions by season.
CREATE TABLE fact_sales (sale_id bigint PRIMARY KEY, date_key int NOT NULL, store_id int NOT NULL, product_id int NOT NULL, customer_id int,
  promotion_id int, channel text NOT NULL, quantity int NOT NULL, amount numeric(10,2) NOT NULL, margin numeric(10,2) NOT NULL);
INSERT INTO fact_sales SELECT n, day_key(day), store, 1 + least(59999, floor(20000 * power(noise(n, 22), 3))::int + 20000 * least(2, (day - date '2019-01-01') / 800)),
  CASE WHEN noise(n, 23) < 0.7 THEN 1 + floor(139999 * power(noise(n, 24), 1.4))::int END,
  CASE WHEN noise(n, 25) < CASE WHEN extract(month FROM day) IN (11, 12) THEN 0.12 ELSE 0.01 END THEN greatest(1, (day - date '2022-01-01') / 3 - floor(3 * noise(n, 26))::int) END,
  CASE WHEN store > 1 THEN 'till' WHEN noise(n, 27) < 0.6 THEN 'web' ELSE 'app' END, 1 + floor(6 * power(noise(n, 28), 3))::int,
  1 + round((120 * power(noise(n, 29), 3))::numeric, 2), round((20 * noise(n, 30) - 1)::numeric, 2)
  FROM (SELECT n, date '2022-01-01' + floor(1400 * power(n / 2000001::float8, 0.8))::int AS day,
          CASE WHEN noise(n, 31) < 0.3 THEN 1 ELSE 2 + floor(799 * power(noise(n, 32), 1.5))::int END AS store
        FROM generate_series(1, 2000000) n) s;

CREATE TABLE fact_returns (return_id bigint PRIMARY KEY, sale_id bigint NOT NULL, date_key int NOT NULL, reason text NOT NULL, amount numeric(10,2) NOT NULL);
INSERT INTO fact_returns SELECT n, n * 33, day_key(date '2022-01-01' + floor(1400 * power(n * 33 / 2000001::float8, 0.8))::int),
  CASE WHEN noise(n, 33) < 0.002 THEN 'fraud' WHEN noise(n, 33) < 0.3 THEN 'damaged' WHEN noise(n, 33) < 0.6 THEN 'size' ELSE 'unwanted' END,
  1 + round((100 * noise(n, 34))::numeric, 2) FROM generate_series(1, 60000) n;

-- Weekly stock: 60 weeks of 100 shops and 150 of their products each.
CREATE TABLE fact_inventory (date_key int NOT NULL, store_id int NOT NULL, product_id int NOT NULL, on_hand int NOT NULL, on_order int NOT NULL,
  PRIMARY KEY (date_key, store_id, product_id));
INSERT INTO fact_inventory SELECT day_key(date '2024-09-09' + w * 7), 2 + s, 40001 + (s * 37 + p * 53) % 20000,
  CASE WHEN noise(w * 15000 + s * 150 + p, 35) < 0.03 THEN 0 ELSE floor(200 * power(noise(w * 15000 + s * 150 + p, 36), 2))::int END, floor(40 * noise(w * 15000 + s * 150 + p, 37))::int
  FROM generate_series(0, 59) w, generate_series(0, 99) s, generate_series(0, 149) p;

CREATE TABLE fact_shipments (shipment_id bigint PRIMARY KEY, sale_id bigint NOT NULL, carrier text NOT NULL, status text NOT NULL, shipped_at timestamptz NOT NULL,
  promised_on date NOT NULL, delivered_at timestamptz);
INSERT INTO fact_shipments SELECT n, n * 4, (ARRAY['dhl','dhl','ups','dpd','post'])[1 + floor(5 * noise(n, 38))::int],
  CASE WHEN n > 494000 AND noise(n, 39) < 0.7 THEN 'in_transit' WHEN n < 90000 AND noise(n, 39) < 0.004 THEN 'lost' WHEN noise(n, 39) < 0.01 THEN 'returned' ELSE 'delivered' END,
  timestamptz '2022-01-01 06:00' + n * interval '240 seconds', (timestamptz '2022-01-03' + n * interval '240 seconds')::date,
  CASE WHEN n <= 494000 THEN timestamptz '2022-01-02 09:00' + n * interval '240 seconds' + noise(n, 40) * interval '4 days' END FROM generate_series(1, 500000) n;
CREATE INDEX fact_shipments_status_idx ON fact_shipments (status);

CREATE TABLE fact_visits (visit_id bigint PRIMARY KEY, started_at timestamptz NOT NULL, customer_id int, landing text NOT NULL, params jsonb NOT NULL,
  pages int NOT NULL, sale_id bigint);
INSERT INTO fact_visits SELECT n, timestamptz '2025-01-01' + n * interval '43.8 seconds', CASE WHEN noise(n, 41) < 0.25 THEN 1 + floor(139999 * power(noise(n, 42), 2))::int END,
  '/' || (ARRAY['home','home','sale','category','product'])[1 + floor(5 * noise(n, 43))::int],
  CASE WHEN noise(n, 44) < 0.1 THEN jsonb_build_object('utm_campaign', 'c' || floor(400 * power(noise(n, 45), 2)), 'utm_source', (ARRAY['mail','search','social'])[1 + floor(3 * noise(n, 46))::int])
       ELSE '{}' END, 1 + floor(20 * power(noise(n, 47), 4))::int, CASE WHEN noise(n, 48) < 0.02 THEN 1400000 + n END FROM generate_series(1, 600000) n;
CREATE INDEX fact_visits_started_at_idx ON fact_visits (started_at);

CREATE TABLE budget_targets (store_id int NOT NULL, year int NOT NULL, quarter int NOT NULL, amount numeric(12,2) NOT NULL, PRIMARY KEY (store_id, year, quarter));
INSERT INTO budget_targets SELECT s, 2025, q, 20000 + 100 * s FROM generate_series(1, 100) s, generate_series(1, 4) q;

CREATE TABLE etl_batches (batch_id int PRIMARY KEY, source text NOT NULL, state text NOT NULL, started_at timestamptz NOT NULL, rows_loaded bigint);
INSERT INTO etl_batches SELECT n, (ARRAY['pos','web','wms'])[1 + n % 3], CASE WHEN n > 598 THEN 'running' ELSE 'done' END, timestamptz '2025-10-01' + n * interval '1 hour', n * 10
  FROM generate_series(1, 600) n;
CREATE INDEX fact_returns_sale_id_idx ON fact_returns (sale_id);

VACUUM ANALYZE;
