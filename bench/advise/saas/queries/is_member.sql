SELECT role FROM memberships WHERE project_id = 99 AND user_id = 4711;
