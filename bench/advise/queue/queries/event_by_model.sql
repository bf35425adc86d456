SELECT d.model, count(*) FROM events e JOIN devices d ON d.id = e.device_id WHERE e.kind = 'error' AND e.occurred_at >= '2025-08-20' GROUP BY d.model;
