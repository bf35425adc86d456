SELECT visit_id, started_at, landing FROM fact_visits WHERE customer_id = 4711 ORDER BY started_at DESC LIMIT 20;
