SELECT device_id, count(*) FROM events WHERE severity >= 3 AND occurred_at >= '2025-10-06' GROUP BY device_id ORDER BY 2 DESC LIMIT 10;
