SELECT metric_id, avg(value), max(value) FROM metrics WHERE at >= '2025-10-30 11:20' GROUP BY metric_id;
