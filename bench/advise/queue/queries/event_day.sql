SELECT kind, severity, count(*) FROM events WHERE occurred_at BETWEEN '2025-09-01' AND '2025-09-02' GROUP BY kind, severity;
