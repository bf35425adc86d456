SELECT id, device_id, severity FROM alerts WHERE acked_at IS NULL AND closed_at IS NULL AND severity >= 3 ORDER BY severity DESC, opened_at;
