SELECT project_id, count(*) FROM tasks WHERE custom->>'sprint' = '119' AND deleted_at IS NULL GROUP BY project_id;
