-- The back of a fleet platform: an event log and metrics that only grow, job queues, an outbox, web hook deliveries, alerts,
-- heartbeats. Most calls write; what is ready is a handful of rows at the new end of a table of finished ones, failures lie
-- in old incidents, and every index is paid for at each insert. Primary and unique keys, and the two indexes that somebody
-- once added.
-- The same rows at every run: values come from the row number, never from random().
--   createdb queue && psql -d queue -f schema.sql
SET synchronous_commit = off;

-- A number of 0..1 that looks random and is not.
CREATE FUNCTION noise(n bigint, salt int) RETURNS double precision LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
  $$ SELECT ((hashint8extended(n, salt) & 9007199254740991)::double precision) / 9007199254740992.0 $$;

CREATE TABLE devices (id int PRIMARY KEY, serial text NOT NULL UNIQUE, account_id int NOT NULL, model text NOT NULL, firmware text NOT NULL, status text NOT NULL,
  last_seen_at timestamptz NOT NULL, meta jsonb NOT NULL) WITH (fillfactor = 85);
INSERT INTO devices SELECT n, 'SN' || lpad(n::text, 8, '0'), 1 + floor(1500 * power(noise(n, 1), 2))::int, 'm' || floor(40 * power(noise(n, 2), 2)),
  (ARRAY['1.0','1.1','2.0','2.1'])[1 + floor(4 * power(noise(n, 3), 0.5))::int], CASE WHEN noise(n, 4) < 0.9 THEN 'active' WHEN noise(n, 4) < 0.97 THEN 'retired' ELSE 'broken' END,
  timestamptz '2025-10-31 23:50' - power(noise(n, 5), 8) * interval '200 days', jsonb_build_object('site', 's' || n % 900, 'tags', jsonb_build_array('t' || n % 50))
  FROM generate_series(1, 30000) n;

-- A day has 14,400 events; errors come in three incidents, the last of them five weeks old.
CREATE TABLE events (id bigint PRIMARY KEY, device_id int NOT NULL, kind text NOT NULL, severity int NOT NULL, occurred_at timestamptz NOT NULL, payload jsonb NOT NULL);
INSERT INTO events SELECT n, 1 + floor(30000 * power(noise(n, 6), 2.5))::int,
  CASE WHEN (n BETWEEN 200000 AND 203000 OR n BETWEEN 610000 AND 616000 OR n BETWEEN 880000 AND 884000) AND noise(n, 7) < 0.8 THEN 'error'
       ELSE (ARRAY['ping','ping','ping','state','state','upload','config'])[1 + floor(7 * noise(n, 8))::int] END,
  CASE WHEN (n BETWEEN 610000 AND 616000 OR n BETWEEN 880000 AND 884000) AND noise(n, 9) < 0.3 THEN 5 WHEN noise(n, 10) < 0.01 THEN 3 ELSE floor(3 * noise(n, 11))::int END,
  timestamptz '2025-07-01' + n * interval '6 seconds' + (noise(n, 12) - 0.5) * interval '20 seconds',
  CASE WHEN noise(n, 13) < 0.3 THEN jsonb_build_object('trace_id', md5((n / 3)::text), 'code', 'E' || floor(300 * power(noise(n, 14), 3))) ELSE jsonb_build_object('v', floor(1000 * noise(n, 15))) END
  FROM generate_series(1, 1500000) n;
CREATE INDEX events_device_id_idx ON events (device_id);

CREATE TABLE metrics (device_id int NOT NULL, metric_id int NOT NULL, at timestamptz NOT NULL, value double precision NOT NULL);
INSERT INTO metrics SELECT 1 + (n * 17 % 3000), 1 + floor(12 * noise(n, 17))::int, timestamptz '2025-10-01' + n * interval '1.7 seconds', 100 * noise(n, 18) FROM generate_series(1, 1500000) n;

CREATE TABLE jobs (id bigint PRIMARY KEY, queue text NOT NULL, state text NOT NULL, priority int NOT NULL, run_at timestamptz NOT NULL, attempts int NOT NULL, unique_key text, parent_id bigint,
  locked_at timestamptz, finished_at timestamptz, payload jsonb NOT NULL) WITH (fillfactor = 90);
INSERT INTO jobs SELECT n, (ARRAY['mail','mail','mail','push','export','sync'])[1 + floor(6 * noise(n, 19))::int], state, floor(4 * power(noise(n, 20), 3))::int, timestamptz '2025-08-01' + n * interval '16 seconds',
  CASE WHEN state = 'failed' THEN 10 WHEN state = 'ready' THEN 0 ELSE 1 END, CASE WHEN noise(n, 21) < 0.35 THEN 'u' || n % 150000 END, CASE WHEN noise(n, 22) < 0.06 THEN greatest(1, n - 1 - floor(300 * noise(n, 23))::int) END,
  CASE WHEN state IN ('running', 'done') THEN timestamptz '2025-08-01 00:00:05' + n * interval '16 seconds' END,
  CASE WHEN state IN ('done', 'failed') THEN timestamptz '2025-08-01 00:00:08' + n * interval '16 seconds' END,
  jsonb_build_object('batch_id', 'b' || n / 40, 'to', 'user' || n % 9000)
  FROM (SELECT n, CASE WHEN n > 499300 AND noise(n, 24) < 0.9 THEN 'ready' WHEN n > 498900 AND noise(n, 24) < 0.2 THEN 'running' WHEN n BETWEEN 120000 AND 150000 AND noise(n, 25) < 0.04 THEN 'failed' ELSE 'done' END AS state
        FROM generate_series(1, 500000) n) j;
CREATE INDEX jobs_state_idx ON jobs (state);

CREATE TABLE outbox (id bigint PRIMARY KEY, topic text NOT NULL, key text NOT NULL, payload text NOT NULL, created_at timestamptz NOT NULL, published_at timestamptz) WITH (fillfactor = 90);
INSERT INTO outbox SELECT n, (ARRAY['device','device','alert','billing'])[1 + floor(4 * noise(n, 26))::int], 'k' || floor(30000 * noise(n, 27)), repeat('x', 60 + (80 * noise(n, 28))::int), timestamptz '2025-10-10' + n * interval '4.7 seconds',
  CASE WHEN n <= 399850 THEN timestamptz '2025-10-10 00:00:01' + n * interval '4.7 seconds' END FROM generate_series(1, 400000) n;

CREATE TABLE deliveries (id bigint PRIMARY KEY, endpoint_id int NOT NULL, status text NOT NULL, attempts int NOT NULL, next_attempt_at timestamptz, created_at timestamptz NOT NULL, response_code int) WITH (fillfactor = 90);
INSERT INTO deliveries SELECT n, 1 + floor(2000 * power(noise(n, 29), 3))::int, CASE WHEN pending THEN 'pending' WHEN noise(n, 31) < 0.03 THEN 'failed' ELSE 'delivered' END, CASE WHEN pending THEN 3 ELSE 1 END,
  CASE WHEN pending THEN timestamptz '2025-10-31 18:00' + noise(n, 32) * interval '12 hours' END, timestamptz '2025-09-01' + n * interval '13 seconds', CASE WHEN NOT pending THEN CASE WHEN noise(n, 31) < 0.03 THEN 500 ELSE 200 END END
  FROM (SELECT n, n > 380000 AND noise(n, 30) < 0.02 AS pending FROM generate_series(1, 400000) n) d;

CREATE TABLE alerts (id bigint PRIMARY KEY, device_id int NOT NULL, rule_id int NOT NULL, severity int NOT NULL, opened_at timestamptz NOT NULL, acked_at timestamptz, closed_at timestamptz);
INSERT INTO alerts SELECT n, 1 + floor(30000 * power(noise(n, 33), 2))::int, 1 + floor(60 * noise(n, 34))::int, floor(6 * power(noise(n, 35), 2))::int, timestamptz '2025-01-01' + n * interval '131 seconds',
  CASE WHEN noise(n, 36) < 0.97 THEN timestamptz '2025-01-01 00:10' + n * interval '131 seconds' END, CASE WHEN noise(n, 36) < 0.95 AND noise(n, 37) < 0.99 THEN timestamptz '2025-01-01 05:00' + n * interval '131 seconds' END
  FROM generate_series(1, 200000) n;

CREATE TABLE idempotency_keys (key text NOT NULL, account_id int NOT NULL, created_at timestamptz NOT NULL, response jsonb NOT NULL);
INSERT INTO idempotency_keys SELECT md5('i' || n), 1 + n % 1500, timestamptz '2025-10-30' + n * interval '0.85 seconds', '{"ok": true}' FROM generate_series(1, 200000) n;

-- Written at every request, read once in a while.
CREATE TABLE audit_log (id bigint PRIMARY KEY, account_id int NOT NULL, actor text NOT NULL, action text NOT NULL, at timestamptz NOT NULL, detail jsonb NOT NULL);
INSERT INTO audit_log SELECT n, 1 + floor(1500 * noise(n, 38))::int, 'user' || floor(9000 * noise(n, 39)), (ARRAY['read','read','write','login'])[1 + floor(4 * noise(n, 40))::int], timestamptz '2025-09-01' + n * interval '13 seconds', '{"ip": "10.0.0.1"}'
  FROM generate_series(1, 400000) n;

CREATE TABLE rate_limits (key text PRIMARY KEY, window_start timestamptz NOT NULL, hits int NOT NULL) WITH (fillfactor = 50);
INSERT INTO rate_limits SELECT 'account:' || n, timestamptz '2025-10-31 23:00', n % 100 FROM generate_series(1, 600) n;

CREATE TABLE consumers (name text NOT NULL, topic text NOT NULL, position bigint NOT NULL) WITH (fillfactor = 50);
INSERT INTO consumers SELECT 'consumer' || n, (ARRAY['device','alert','billing'])[1 + n % 3], 399000 + n FROM generate_series(1, 24) n;

CREATE TABLE endpoints (id int PRIMARY KEY, account_id int NOT NULL, url text NOT NULL, disabled_at timestamptz);
INSERT INTO endpoints SELECT n, 1 + floor(1500 * noise(n, 41))::int, 'https://hooks.example.org/' || n, CASE WHEN noise(n, 42) < 0.2 THEN timestamptz '2025-05-01' END FROM generate_series(1, 2000) n;

VACUUM ANALYZE;
