SELECT date_trunc('day', created_at), sum(total) FROM orders WHERE created_at >= '2025-10-01' AND status <> 'cancelled' GROUP BY 1;
