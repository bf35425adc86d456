SELECT landing, count(*), avg(pages) FROM fact_visits WHERE started_at >= '2025-10-26' GROUP BY landing;
