SELECT tenant_id, renews_on FROM subscriptions WHERE state = 'past_due' ORDER BY renews_on;
