SELECT landing, count(*) FROM fact_visits WHERE sale_id IS NOT NULL AND started_at >= '2025-06-01' GROUP BY landing;
