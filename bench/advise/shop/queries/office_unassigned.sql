SELECT count(*) FROM tickets WHERE agent_id IS NULL AND status = 'open';
