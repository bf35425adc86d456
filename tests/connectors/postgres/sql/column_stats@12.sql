SELECT
  s.schemaname AS schema,
  s.tablename AS table,
  s.attname AS column,
  s.inherited AS inherited,
  s.null_frac AS null_frac,
  s.avg_width AS avg_width,
  s.n_distinct AS n_distinct,
  s.correlation AS correlation,
  s.most_common_vals::text AS common_values,
  s.most_common_freqs AS common_frequencies,
  s.histogram_bounds::text AS histogram,
  s.most_common_elem_freqs AS element_frequencies,
  s.elem_count_histogram AS element_counts
FROM pg_stats AS s
WHERE (s.schemaname, s.tablename) IN (SELECT w.schema, w.name FROM unnest($1::name[], $2::name[]) AS w (schema, name))
