SELECT count(*) FROM events WHERE device_id = 417 AND kind = 'upload' AND occurred_at >= '2025-10-01';
