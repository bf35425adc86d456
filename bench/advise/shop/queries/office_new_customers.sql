SELECT country, count(*) FROM customers WHERE created_at >= '2025-10-20' AND deleted_at IS NULL GROUP BY country;
