SELECT p.id, p.key, p.name FROM memberships m JOIN projects p ON p.id = m.project_id WHERE m.user_id = 4711 AND p.deleted_at IS NULL AND NOT p.archived ORDER BY p.name;
