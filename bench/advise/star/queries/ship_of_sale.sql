SELECT shipment_id, carrier, status, delivered_at FROM fact_shipments WHERE sale_id = 1234564;
