DELETE FROM fact_visits WHERE started_at < '2025-01-02';
