SELECT id, subject FROM tickets WHERE agent_id = 12 AND status = 'open';
