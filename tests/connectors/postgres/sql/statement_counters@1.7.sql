SELECT
  s.userid::bigint AS userid,
  s.queryid AS queryid,
  true AS toplevel,
  s.calls AS calls,
  s.total_time AS total_time_ms,
  s.min_time AS min_time_ms,
  s.max_time AS max_time_ms,
  s.stddev_time AS stddev_time_ms,
  NULL AS planning_time_ms,
  s.rows AS rows,
  s.shared_blks_hit + s.local_blks_hit AS blocks_hit,
  s.shared_blks_read + s.local_blks_read AS blocks_read,
  s.shared_blks_dirtied + s.local_blks_dirtied AS blocks_dirtied,
  s.temp_blks_read AS temp_blocks_read,
  s.temp_blks_written AS temp_blocks_written,
  CASE WHEN current_setting('track_io_timing') = 'on' THEN s.blk_read_time + s.blk_write_time END AS io_time_ms,
  NULL AS wal_bytes,
  NULL AS jit_time_ms,
  NULL AS since
FROM public.pg_stat_statements(false) AS s
WHERE s.dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
