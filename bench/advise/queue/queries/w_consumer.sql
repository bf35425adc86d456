UPDATE consumers SET position = 400000 WHERE name = 'consumer7' AND topic = 'alert';
