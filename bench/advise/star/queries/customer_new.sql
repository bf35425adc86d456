INSERT INTO dim_customer VALUES (9000001, 'C0004711', 'loyal', 'City 12', 'DE', NULL, '2025-11-01', '2025-11-01', NULL, true);
