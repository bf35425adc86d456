SELECT id, title FROM tasks WHERE title ILIKE '%onboarding 59987%' AND deleted_at IS NULL LIMIT 20;
