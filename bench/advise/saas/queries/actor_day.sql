SELECT verb, count(*) FROM activity WHERE actor_id = 912 AND at >= '2025-10-24' GROUP BY verb;
