SELECT
  pg_is_in_recovery() AS is_replica,
  (extract(epoch FROM pg_postmaster_start_time()) * 1000000)::bigint AS started_at,
  (extract(epoch FROM clock_timestamp()) * 1000000)::bigint AS now,
  pg_encoding_to_char(d.encoding) AS encoding,
  pg_has_role('pg_read_all_stats', 'USAGE') AS reads_statistics,
  pg_has_role('pg_read_all_settings', 'USAGE') AS reads_settings
FROM pg_database AS d
WHERE d.datname = current_database()
