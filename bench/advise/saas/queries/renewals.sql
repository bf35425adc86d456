SELECT tenant_id, data->>'plan' FROM subscriptions WHERE renews_on BETWEEN '2025-11-01' AND '2025-11-03' AND state = 'active';
