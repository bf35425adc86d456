UPDATE fact_shipments SET status = 'delivered', delivered_at = '2025-11-01 09:00' WHERE shipment_id = 499001;
