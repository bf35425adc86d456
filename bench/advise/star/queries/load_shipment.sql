INSERT INTO fact_shipments VALUES (9000001, 1999999, 'dhl', 'in_transit', '2025-11-01 08:00', '2025-11-03', NULL);
