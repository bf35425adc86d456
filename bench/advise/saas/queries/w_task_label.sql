UPDATE tasks SET labels = labels || ARRAY['urgent'] WHERE id = 598123;
