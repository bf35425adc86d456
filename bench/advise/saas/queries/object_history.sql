SELECT actor_id, verb, at, data FROM activity WHERE object_type = 'task' AND object_id = 412345 ORDER BY at DESC LIMIT 30;
