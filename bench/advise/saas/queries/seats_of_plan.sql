SELECT data->>'plan', sum((data->>'seats')::int) FROM subscriptions WHERE state = 'active' GROUP BY 1;
