SELECT
  s.userid::bigint AS userid,
  s.queryid AS queryid,
  s.toplevel AS toplevel,
  s.calls AS calls,
  s.total_exec_time AS total_time_ms,
  s.min_exec_time AS min_time_ms,
  s.max_exec_time AS max_time_ms,
  s.stddev_exec_time AS stddev_time_ms,
  CASE WHEN current_setting('pg_stat_statements.track_planning', true) = 'on' THEN s.total_plan_time END AS planning_time_ms,
  s.rows AS rows,
  s.shared_blks_hit + s.local_blks_hit AS blocks_hit,
  s.shared_blks_read + s.local_blks_read AS blocks_read,
  s.shared_blks_dirtied + s.local_blks_dirtied AS blocks_dirtied,
  s.temp_blks_read AS temp_blocks_read,
  s.temp_blks_written AS temp_blocks_written,
  CASE WHEN current_setting('track_io_timing') = 'on' THEN s.shared_blk_read_time + s.shared_blk_write_time + s.local_blk_read_time + s.local_blk_write_time + s.temp_blk_read_time + s.temp_blk_write_time END AS io_time_ms,
  LEAST(s.wal_bytes, 9223372036854775807)::bigint AS wal_bytes,
  s.jit_generation_time + s.jit_deform_time + s.jit_inlining_time + s.jit_optimization_time + s.jit_emission_time AS jit_time_ms,
  (extract(epoch FROM s.stats_since) * 1000000)::bigint AS since
FROM public.pg_stat_statements(false) AS s
WHERE s.dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
