SELECT kind, count(*) FROM events WHERE occurred_at >= '2025-10-13 03:00' GROUP BY kind;
