SELECT
  a.pid AS pid,
  a.usename AS user,
  a.application_name AS application,
  a.state AS state,
  extract(epoch FROM clock_timestamp() - a.state_change) * 1000 AS state_age_ms,
  extract(epoch FROM clock_timestamp() - a.xact_start) * 1000 AS transaction_age_ms,
  a.wait_event_type AS wait_event_type,
  a.wait_event AS wait_event,
  left(a.query, 65536) AS query,
  CASE WHEN a.wait_event_type = 'Lock' THEN pg_blocking_pids(a.pid) END AS blocked_by
FROM pg_stat_activity AS a
WHERE a.datname = current_database() AND a.pid <> pg_backend_pid()
  AND (a.backend_type = 'client backend' OR a.backend_type IS NULL)
ORDER BY a.pid
LIMIT 2000
