INSERT INTO dim_product VALUES (9000001, 'SKU-004711', 'Fresh juice 4711', 'Brand 17', 'Category 3', 'Sub 3.1', 12, 9.99, '2025-11-01', '2025-11-01', NULL, true);
