SELECT rule_id, count(*) FROM alerts WHERE device_id = 417 AND opened_at >= '2025-08-01' GROUP BY rule_id;
