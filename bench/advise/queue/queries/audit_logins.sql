SELECT account_id, count(*) FROM audit_log WHERE action = 'login' AND at >= '2025-10-01' GROUP BY account_id;
