UPDATE jobs SET state = 'done' WHERE id = 299500;
