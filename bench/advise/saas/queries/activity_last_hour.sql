SELECT tenant_id, count(*) FROM activity WHERE at >= '2025-11-02 12:00' GROUP BY tenant_id;
