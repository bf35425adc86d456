SELECT id, name, tier FROM customers WHERE lower(email) = 'customer4711@example.com' AND deleted_at IS NULL;
