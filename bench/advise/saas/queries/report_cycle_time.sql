SELECT project_id, avg(completed_at - created_at) FROM tasks WHERE completed_at >= '2025-09-01' GROUP BY project_id;
