SELECT c.id, c.name FROM customers c JOIN addresses a ON a.customer_id = c.id WHERE a.city = 'City 12' AND a.postcode LIKE '123%';
