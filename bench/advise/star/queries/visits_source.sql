SELECT date_trunc('week', started_at), count(*) FROM fact_visits WHERE params->>'utm_source' = 'mail' AND started_at >= '2025-09-01' GROUP BY 1;
