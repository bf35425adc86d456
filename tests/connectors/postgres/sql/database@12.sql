SELECT
  d.blks_hit AS blks_hit,
  d.blks_read AS blks_read,
  d.temp_files AS temp_files,
  d.temp_bytes AS temp_bytes,
  d.deadlocks AS deadlocks,
  d.xact_commit AS xact_commit,
  d.xact_rollback AS xact_rollback,
  (extract(epoch FROM d.stats_reset) * 1000000)::bigint AS stats_reset
FROM pg_stat_database AS d
WHERE d.datname = current_database()
