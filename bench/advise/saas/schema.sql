-- A project tool for many tenants in one schema: jsonb settings and custom fields, label arrays, soft deletes. A few tenants
-- are a hundred times the size of the rest; what is open is new, what is blocked was given up long ago, and what is deleted
-- stays. Primary and unique keys, and the four indexes that somebody once added.
-- The same rows at every run: values come from the row number, never from random().
--   createdb saas && psql -d saas -f schema.sql
SET synchronous_commit = off;
CREATE EXTENSION IF NOT EXISTS pg_trgm;

-- A number of 0..1 that looks random and is not.
CREATE FUNCTION noise(n bigint, salt int) RETURNS double precision LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
  $$ SELECT ((hashint8extended(n, salt) & 9007199254740991)::double precision) / 9007199254740992.0 $$;

CREATE TABLE tenants (id int PRIMARY KEY, slug text NOT NULL UNIQUE, name text NOT NULL, settings jsonb NOT NULL, created_at timestamptz NOT NULL, deleted_at timestamptz);
INSERT INTO tenants SELECT n, 'tenant-' || n, 'Tenant ' || n,
  jsonb_build_object('plan', CASE WHEN n <= 25 THEN 'enterprise' WHEN n % 7 = 0 THEN 'team' ELSE 'free' END, 'locale', (ARRAY['en','en','de','fr'])[1 + n % 4], 'sso', n <= 40),
  timestamptz '2020-01-01' + n * interval '1 day', CASE WHEN noise(n, 1) < 0.08 THEN timestamptz '2025-06-01' - noise(n, 2) * interval '600 days' END
  FROM generate_series(1, 2000) n;

CREATE TABLE users (id bigint PRIMARY KEY, tenant_id int NOT NULL, email text NOT NULL, name text NOT NULL, role text NOT NULL, preferences jsonb NOT NULL,
  last_seen_at timestamptz, created_at timestamptz NOT NULL, deleted_at timestamptz);
INSERT INTO users SELECT n, 1 + floor(2000 * power(noise(n, 3), 3))::int, 'User.' || n || '@Example.org',
  (ARRAY['Ada','Bob','Cleo','Dan','Eve','Finn','Gus','Hal'])[1 + floor(8 * noise(n, 4))::int] || ' ' || n % 9000,
  CASE WHEN noise(n, 5) < 0.04 THEN 'admin' WHEN noise(n, 5) < 0.2 THEN 'guest' ELSE 'member' END, jsonb_build_object('theme', CASE WHEN n % 3 = 0 THEN 'dark' ELSE 'light' END),
  CASE WHEN noise(n, 6) < 0.9 THEN timestamptz '2025-10-31 20:00' - power(noise(n, 7), 5) * interval '900 days' END,
  timestamptz '2020-02-01' + noise(n, 8) * interval '2080 days', CASE WHEN noise(n, 9) < 0.12 THEN timestamptz '2025-10-01' - noise(n, 10) * interval '1000 days' END
  FROM generate_series(1, 70000) n;

CREATE TABLE projects (id bigint PRIMARY KEY, tenant_id int NOT NULL, key text NOT NULL, name text NOT NULL, archived boolean NOT NULL, created_at timestamptz NOT NULL, deleted_at timestamptz);
INSERT INTO projects SELECT n, 1 + floor(2000 * power(noise(n, 11), 3))::int, 'P' || n, 'Project ' || n, noise(n, 12) < 0.3,
  timestamptz '2020-02-01' + n * interval '9000 seconds', CASE WHEN noise(n, 13) < 0.1 THEN timestamptz '2025-09-01' - noise(n, 14) * interval '900 days' END
  FROM generate_series(1, 20000) n;

CREATE TABLE memberships (user_id bigint NOT NULL, project_id bigint NOT NULL, role text NOT NULL, joined_at timestamptz NOT NULL, PRIMARY KEY (project_id, user_id));
INSERT INTO memberships SELECT user_id, project_id, CASE WHEN noise(project_id * 100000 + user_id, 15) < 0.1 THEN 'owner' ELSE 'editor' END, timestamptz '2024-01-01' + noise(user_id, 16) * interval '600 days'
  FROM (SELECT DISTINCT 1 + floor(70000 * power(noise(n, 17), 1.3))::bigint AS user_id, 1 + floor(20000 * power(noise(n, 18), 1.5))::bigint AS project_id FROM generate_series(1, 180000) n) m;

-- A task belongs to its project's tenant. What is older than the last 8 % is nearly always done; the blocked ones are old.
CREATE TABLE tasks (id bigint PRIMARY KEY, tenant_id int NOT NULL, project_id bigint NOT NULL, number int NOT NULL, parent_id bigint, title text NOT NULL, status text NOT NULL,
  priority int NOT NULL, position double precision NOT NULL, assignee_id bigint, labels text[] NOT NULL, custom jsonb NOT NULL, due_on date,
  created_at timestamptz NOT NULL, updated_at timestamptz NOT NULL, completed_at timestamptz, deleted_at timestamptz);
INSERT INTO tasks SELECT n, p.tenant_id, p.id, n / 40, CASE WHEN noise(n, 20) < 0.12 AND n > 500 THEN n - 1 - floor(400 * noise(n, 21))::int END,
  (ARRAY['Fix','Review','Write','Plan','Test','Deploy'])[1 + floor(6 * noise(n, 22))::int] || ' ' || (ARRAY['invoice','login','report','import','search','billing','mobile app','onboarding'])[1 + floor(8 * power(noise(n, 23), 2))::int] || ' ' || n,
  status, floor(5 * power(noise(n, 24), 2))::int, noise(n, 25) * 10000, CASE WHEN noise(n, 26) < 0.85 THEN 1 + floor(70000 * power(noise(n, 27), 1.6))::bigint END,
  CASE WHEN noise(n, 28) < 0.6 THEN ARRAY[]::text[] WHEN noise(n, 28) < 0.605 THEN ARRAY['urgent', 'customer'] ELSE ARRAY['l' || floor(300 * power(noise(n, 29), 2)), 'team' || n % 12] END,
  CASE WHEN noise(n, 30) < 0.7 THEN '{}' ELSE jsonb_build_object('customer', 'c' || floor(5000 * noise(n, 31)), 'sprint', (n / 5000)::text) END,
  CASE WHEN noise(n, 32) < 0.5 THEN (timestamptz '2021-01-01' + n * interval '253 seconds' + noise(n, 33) * interval '40 days')::date END,
  timestamptz '2021-01-01' + n * interval '253 seconds', timestamptz '2021-01-01' + n * interval '253 seconds' + power(noise(n, 34), 4) * interval '90 days',
  CASE WHEN status = 'done' THEN timestamptz '2021-01-01' + n * interval '253 seconds' + power(noise(n, 34), 4) * interval '60 days' END,
  CASE WHEN noise(n, 35) < 0.09 THEN timestamptz '2021-02-01' + n * interval '250 seconds' END
  FROM (SELECT n, 1 + floor(20000 * power(noise(n, 19), 2.2))::bigint AS project,
          CASE WHEN n < 60000 AND noise(n, 36) < 0.02 THEN 'blocked' WHEN n < 552000 AND noise(n, 36) < 0.985 THEN 'done'
               WHEN noise(n, 37) < 0.5 THEN 'open' WHEN noise(n, 37) < 0.75 THEN 'in_progress' WHEN noise(n, 37) < 0.8 THEN 'review' ELSE 'done' END AS status
        FROM generate_series(1, 600000) n) t JOIN projects p ON p.id = t.project;
CREATE INDEX tasks_tenant_id_idx ON tasks (tenant_id);
CREATE INDEX tasks_project_id_idx ON tasks (project_id);

CREATE TABLE comments (id bigint PRIMARY KEY, tenant_id int NOT NULL, task_id bigint NOT NULL, author_id bigint NOT NULL, body text NOT NULL, created_at timestamptz NOT NULL, deleted_at timestamptz);
INSERT INTO comments SELECT n, 1 + task % 2000, task, 1 + floor(70000 * power(noise(n, 39), 2))::bigint, repeat('some words ', 2 + floor(14 * noise(n, 40))::int),
  timestamptz '2021-01-02' + n * interval '216 seconds', CASE WHEN noise(n, 41) < 0.03 THEN timestamptz '2021-02-01' + n * interval '216 seconds' END
  FROM (SELECT n, greatest(1, least(600000, floor(n * 600000.0 / 700000)::bigint - floor(20000 * power(noise(n, 38), 3))::bigint)) AS task FROM generate_series(1, 700000) n) c;

CREATE TABLE attachments (id bigint PRIMARY KEY, tenant_id int NOT NULL, task_id bigint NOT NULL, file_name text NOT NULL, bytes bigint NOT NULL, created_at timestamptz NOT NULL);
INSERT INTO attachments SELECT n, 1 + floor(2000 * power(noise(n, 42), 3))::int, 1 + floor(600000 * noise(n, 43))::bigint, 'file-' || n || '.pdf', floor(9000000 * power(noise(n, 44), 6)),
  timestamptz '2021-01-01' + n * interval '1000 seconds' FROM generate_series(1, 150000) n;

CREATE TABLE activity (id bigint PRIMARY KEY, tenant_id int NOT NULL, actor_id bigint NOT NULL, verb text NOT NULL, object_type text NOT NULL, object_id bigint NOT NULL, at timestamptz NOT NULL, data jsonb NOT NULL);
INSERT INTO activity SELECT n, 1 + floor(2000 * power(noise(n, 45), 3))::int, 1 + floor(70000 * power(noise(n, 46), 2))::bigint,
  (ARRAY['created','updated','updated','updated','commented','moved'])[1 + floor(6 * noise(n, 47))::int], (ARRAY['task','task','task','document','project'])[1 + floor(5 * noise(n, 48))::int],
  1 + floor(600000 * noise(n, 49))::bigint, timestamptz '2025-01-01' + n * interval '33 seconds', '{"field": "status"}' FROM generate_series(1, 800000) n;
CREATE INDEX activity_tenant_id_idx ON activity (tenant_id);

CREATE TABLE documents (id bigint PRIMARY KEY, tenant_id int NOT NULL, owner_id bigint NOT NULL, title text NOT NULL, words tsvector NOT NULL, meta jsonb NOT NULL, updated_at timestamptz NOT NULL, deleted_at timestamptz);
INSERT INTO documents SELECT n, 1 + floor(2000 * power(noise(n, 50), 3))::int, 1 + floor(70000 * noise(n, 51))::bigint, (ARRAY['Minutes','Roadmap','Spec','Notes'])[1 + n % 4] || ' ' || n,
  to_tsvector('simple', 'w' || floor(4000 * power(noise(n, 52), 2)) || ' w' || floor(4000 * noise(n, 53)) || ' w' || floor(9000 * noise(n, 54)) || ' common'),
  jsonb_build_object('template', noise(n, 55) < 0.05), timestamptz '2025-10-31' - noise(n, 56) * interval '900 days',
  CASE WHEN noise(n, 57) < 0.2 THEN timestamptz '2025-10-31' - noise(n, 58) * interval '300 days' END FROM generate_series(1, 60000) n;

CREATE TABLE notifications (id bigint PRIMARY KEY, user_id bigint NOT NULL, kind text NOT NULL, task_id bigint, read_at timestamptz, created_at timestamptz NOT NULL);
INSERT INTO notifications SELECT n, 1 + floor(70000 * power(noise(n, 59), 1.6))::bigint, (ARRAY['mention','assigned','digest','digest'])[1 + floor(4 * noise(n, 60))::int], 1 + floor(600000 * noise(n, 61))::bigint,
  CASE WHEN noise(n, 62) < 0.94 THEN timestamptz '2024-06-01' + n * interval '90 seconds' END, timestamptz '2024-06-01' + n * interval '89 seconds' FROM generate_series(1, 500000) n;
CREATE INDEX notifications_user_id_idx ON notifications (user_id);

CREATE TABLE sessions (id bigint PRIMARY KEY, token text NOT NULL, user_id bigint NOT NULL, touched_at timestamptz NOT NULL, expires_at timestamptz NOT NULL, revoked boolean NOT NULL);
INSERT INTO sessions SELECT n, md5('s' || n), 1 + floor(70000 * power(noise(n, 63), 1.5))::bigint, timestamptz '2025-08-01' + n * interval '39 seconds', timestamptz '2025-08-31' + n * interval '39 seconds', noise(n, 64) < 0.04
  FROM generate_series(1, 200000) n;

CREATE TABLE api_keys (id int PRIMARY KEY, tenant_id int NOT NULL, key_hash text NOT NULL, scopes text[] NOT NULL, last_used_at timestamptz, revoked_at timestamptz);
INSERT INTO api_keys SELECT n, 1 + floor(2000 * power(noise(n, 65), 2))::int, md5('k' || n), ARRAY['read', CASE WHEN n % 9 = 0 THEN 'admin' ELSE 'write' END], timestamptz '2025-10-31',
  CASE WHEN noise(n, 66) < 0.7 THEN timestamptz '2025-01-01' END FROM generate_series(1, 20000) n;

CREATE TABLE webhooks (id int PRIMARY KEY, tenant_id int NOT NULL, url text NOT NULL, events text[] NOT NULL, active boolean NOT NULL);
INSERT INTO webhooks SELECT n, 1 + floor(2000 * noise(n, 67))::int, 'https://hooks.example.org/' || n, CASE WHEN n % 3 = 0 THEN ARRAY['task.created', 'task.updated'] ELSE ARRAY['task.deleted'] END, noise(n, 68) < 0.6
  FROM generate_series(1, 5000) n;

CREATE TABLE subscriptions (id int PRIMARY KEY, tenant_id int NOT NULL, data jsonb NOT NULL, renews_on date NOT NULL, state text NOT NULL);
INSERT INTO subscriptions SELECT n, 1 + n % 2000, jsonb_build_object('seats', floor(200 * power(noise(n, 69), 3)), 'plan', CASE WHEN n % 7 = 0 THEN 'team' ELSE 'free' END), date '2025-11-01' + n % 365,
  CASE WHEN noise(n, 70) < 0.01 THEN 'past_due' WHEN n > 2000 THEN 'ended' ELSE 'active' END FROM generate_series(1, 6000) n;

CREATE TABLE feature_flags (name text PRIMARY KEY, enabled boolean NOT NULL, tenant_ids int[] NOT NULL);
INSERT INTO feature_flags SELECT 'flag_' || n, n % 2 = 0, ARRAY[n, n * 2] FROM generate_series(1, 40) n;

VACUUM ANALYZE;
