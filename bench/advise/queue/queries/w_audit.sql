INSERT INTO audit_log VALUES (9000001, 42, 'user4711', 'read', '2025-11-01', '{"ip": "10.0.0.1"}');
