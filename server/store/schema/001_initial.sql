-- Times are microseconds since 1970 in UTC. 64-bit ids of statements and recommendations are stored as signed numbers.

CREATE TABLE meta (
  key   TEXT NOT NULL PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE targets (
  id               INTEGER PRIMARY KEY AUTOINCREMENT,
  name             TEXT    NOT NULL UNIQUE,
  dsn              TEXT,              -- NULL for a target of the configuration: its secret stays there
  address          TEXT    NOT NULL,  -- dsn without secrets
  schedule         TEXT    NOT NULL,
  labels           TEXT    NOT NULL,  -- JSON object of strings
  query_p95_ms     REAL,
  cache_hit_ratio  REAL,
  connection_usage REAL,
  origin           TEXT    NOT NULL CHECK (origin IN ('config', 'rest')),
  enabled          INTEGER NOT NULL DEFAULT 1,
  state            TEXT    NOT NULL DEFAULT 'unknown' CHECK (state IN ('unknown', 'up', 'down')),
  last_success_us  INTEGER,
  last_error       TEXT    NOT NULL DEFAULT '',
  engine           TEXT    NOT NULL DEFAULT '',
  version          TEXT    NOT NULL DEFAULT '',
  created_us       INTEGER NOT NULL,
  revision         INTEGER NOT NULL DEFAULT 1
) STRICT;

CREATE TABLE audits (
  id              INTEGER PRIMARY KEY AUTOINCREMENT,
  target_id       INTEGER NOT NULL REFERENCES targets ON DELETE CASCADE,
  state           TEXT    NOT NULL CHECK (state IN ('queued', 'running', 'succeeded', 'failed', 'cancelled')),
  started_by      TEXT    NOT NULL CHECK (started_by IN ('manual', 'schedule')),
  progress        REAL    NOT NULL DEFAULT 0,
  step            TEXT    NOT NULL DEFAULT '',
  queued_us       INTEGER NOT NULL,
  started_us      INTEGER,
  finished_us     INTEGER,
  error           TEXT    NOT NULL DEFAULT '',
  hint            TEXT    NOT NULL DEFAULT '',
  recommendations INTEGER NOT NULL DEFAULT 0,
  skipped         INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX audits_by_target ON audits (target_id, id);
CREATE INDEX audits_by_state ON audits (state, id);
CREATE UNIQUE INDEX audits_one_active ON audits (target_id) WHERE state IN ('queued', 'running');

CREATE TABLE reports (
  audit_id INTEGER PRIMARY KEY REFERENCES audits ON DELETE CASCADE,
  json     BLOB NOT NULL  -- zstd
) STRICT;

CREATE TABLE recommendations (
  id               INTEGER PRIMARY KEY,
  target_id        INTEGER NOT NULL REFERENCES targets ON DELETE CASCADE,
  audit_id         INTEGER NOT NULL,  -- may be gone: audits are kept for a shorter time
  rule             TEXT    NOT NULL,
  severity         INTEGER NOT NULL CHECK (severity BETWEEN 0 AND 2),  -- info, warning, critical
  critical         INTEGER NOT NULL GENERATED ALWAYS AS (severity = 2) STORED,
  impact           REAL    NOT NULL,  -- ms saved an hour; without a measured saving -1 critical, -2 warning, -3 info
  status           INTEGER NOT NULL CHECK (status BETWEEN 0 AND 5),  -- open snoozed dismissed applied verified ineffective
  snoozed_until_us INTEGER,
  note             TEXT    NOT NULL DEFAULT '',
  first_seen_us    INTEGER NOT NULL,
  last_seen_us     INTEGER NOT NULL,
  is_current       INTEGER NOT NULL DEFAULT 1,
  revision         INTEGER NOT NULL DEFAULT 1,
  search           TEXT    NOT NULL  -- title, objects, rule and target name in lower case
) STRICT;
-- One index an order, with the columns that lists filter by behind the key: a filter that keeps few never reads the table
-- for what it drops.
CREATE INDEX recommendations_rank ON recommendations
  (is_current, critical, impact, id, status, snoozed_until_us, severity, rule, target_id);
CREATE INDEX recommendations_impact ON recommendations
  (is_current, impact, id, status, snoozed_until_us, severity, rule, target_id);
CREATE INDEX recommendations_severity ON recommendations
  (is_current, severity, impact, id, status, snoozed_until_us, rule, target_id);
CREATE INDEX recommendations_first_seen ON recommendations
  (is_current, first_seen_us, id, status, snoozed_until_us, severity, rule, target_id);
CREATE INDEX recommendations_last_seen ON recommendations
  (is_current, last_seen_us, id, status, snoozed_until_us, severity, rule, target_id);
CREATE INDEX recommendations_target ON recommendations
  (target_id, is_current, critical, impact, id, status, snoozed_until_us, severity, rule);
CREATE INDEX recommendations_snoozed ON recommendations (snoozed_until_us, target_id) WHERE status = 1;
CREATE INDEX recommendations_text ON recommendations (is_current, search);  -- for what is shorter than a trigram
CREATE VIRTUAL TABLE recommendation_search USING fts5
  (search, content = 'recommendations', content_rowid = 'id', tokenize = 'trigram case_sensitive 1');

CREATE TABLE recommendation_documents (
  id       INTEGER PRIMARY KEY REFERENCES recommendations ON DELETE CASCADE,
  document BLOB NOT NULL  -- zstd of the report's JSON object
) STRICT;

-- How many current recommendations there are, so that nobody has to count them. Snoozed ones whose time has come are
-- still counted as snoozed here.
CREATE TABLE recommendation_counts (
  target_id INTEGER NOT NULL REFERENCES targets ON DELETE CASCADE,
  rule      TEXT    NOT NULL,
  severity  INTEGER NOT NULL,
  status    INTEGER NOT NULL,
  count     INTEGER NOT NULL,
  PRIMARY KEY (target_id, rule, severity, status)
) STRICT, WITHOUT ROWID;

CREATE TABLE statements (
  row           INTEGER PRIMARY KEY,
  target_id     INTEGER NOT NULL REFERENCES targets ON DELETE CASCADE,
  statement_id  INTEGER NOT NULL,
  audit_id      INTEGER NOT NULL,
  seen_us       INTEGER NOT NULL,
  calls         INTEGER NOT NULL,
  rows          INTEGER NOT NULL,
  total_time_ms REAL    NOT NULL,
  mean_time_ms  REAL    NOT NULL,
  search        TEXT    NOT NULL,  -- the query in lower case
  document      BLOB    NOT NULL,  -- zstd of the report's JSON object
  UNIQUE (target_id, statement_id)
) STRICT;
CREATE INDEX statements_by_id ON statements (statement_id, total_time_ms);
CREATE INDEX statements_total_time ON statements (total_time_ms, row, target_id);
CREATE INDEX statements_calls ON statements (calls, row, target_id);
CREATE INDEX statements_mean_time ON statements (mean_time_ms, row, target_id);
CREATE INDEX statements_rows ON statements (rows, row, target_id);

-- The differences between readings. grain 0: one audit's; 1: an hour's; 2: a day's.
CREATE TABLE statement_points (
  target_id     INTEGER NOT NULL REFERENCES targets ON DELETE CASCADE,
  statement_id  INTEGER NOT NULL,
  grain         INTEGER NOT NULL CHECK (grain BETWEEN 0 AND 2),
  from_us       INTEGER NOT NULL,
  to_us         INTEGER NOT NULL,
  calls         INTEGER NOT NULL,
  rows          INTEGER NOT NULL,
  total_time_ms REAL    NOT NULL,
  PRIMARY KEY (target_id, statement_id, grain, from_us)
) STRICT, WITHOUT ROWID;

CREATE TABLE intervals (
  target_id   INTEGER NOT NULL REFERENCES targets ON DELETE CASCADE,
  from_us     INTEGER NOT NULL,
  to_us       INTEGER NOT NULL,
  total_calls INTEGER NOT NULL,
  PRIMARY KEY (target_id, from_us)
) STRICT, WITHOUT ROWID;

-- Cumulative counters: the newest of each target, and the first of each day to audit a longer window against.
CREATE TABLE readings (
  target_id INTEGER NOT NULL REFERENCES targets ON DELETE CASCADE,
  taken_us  INTEGER NOT NULL,
  document  BLOB    NOT NULL,  -- zstd of JSON
  PRIMARY KEY (target_id, taken_us)
) STRICT;

CREATE TABLE index_scans (
  target_id         INTEGER NOT NULL REFERENCES targets ON DELETE CASCADE,
  schema_name       TEXT    NOT NULL,
  index_name        TEXT    NOT NULL,
  scans             INTEGER NOT NULL,
  counters_since_us INTEGER,
  unused_since_us   INTEGER NOT NULL,  -- first reading from which on no scan was ever counted
  PRIMARY KEY (target_id, schema_name, index_name)
) STRICT, WITHOUT ROWID;
