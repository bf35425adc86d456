SELECT position FROM consumers WHERE name = 'consumer7' AND topic = 'alert';
