SELECT endpoint_id, count(*) FROM deliveries WHERE status = 'failed' AND created_at >= '2025-10-30' GROUP BY endpoint_id;
