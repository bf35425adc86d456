SELECT c.id, c.body, t.number FROM comments c JOIN tasks t ON t.id = c.task_id WHERE t.project_id = 99 AND t.status <> 'done' AND c.deleted_at IS NULL ORDER BY c.created_at DESC LIMIT 20;
