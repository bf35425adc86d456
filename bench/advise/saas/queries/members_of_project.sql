SELECT u.id, u.name, m.role FROM memberships m JOIN users u ON u.id = m.user_id WHERE m.project_id = 99 AND u.deleted_at IS NULL;
