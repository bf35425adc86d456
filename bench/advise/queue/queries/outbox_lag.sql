SELECT topic, count(*), min(created_at) FROM outbox WHERE published_at IS NULL GROUP BY topic;
