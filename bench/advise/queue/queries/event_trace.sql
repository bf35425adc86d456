SELECT id, device_id, kind, occurred_at FROM events WHERE payload->>'trace_id' = '8b02ac8869179ca9a8f1dc4b9a715e70' ORDER BY occurred_at;
