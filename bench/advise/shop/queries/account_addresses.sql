SELECT id, city, postcode FROM addresses WHERE customer_id = 4711 AND is_default;
