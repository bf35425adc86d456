SELECT carrier, count(*) FROM fact_shipments WHERE delivered_at IS NULL AND promised_on < '2025-10-20' GROUP BY carrier;
