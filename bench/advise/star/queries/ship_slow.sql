SELECT carrier, avg(delivered_at - shipped_at) FROM fact_shipments WHERE shipped_at >= '2025-10-01' AND status = 'delivered' GROUP BY carrier;
