SELECT shipment_id, sale_id, carrier FROM fact_shipments WHERE status = 'lost' ORDER BY shipped_at DESC LIMIT 20;
