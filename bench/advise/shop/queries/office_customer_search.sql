SELECT id, email FROM customers WHERE name = 'Name 7919' AND country = 'DE';
