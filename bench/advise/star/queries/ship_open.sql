SELECT shipment_id, sale_id, shipped_at FROM fact_shipments WHERE status = 'in_transit' AND carrier = 'dhl' ORDER BY shipped_at LIMIT 50;
