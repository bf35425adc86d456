SELECT a.id, a.severity, d.serial FROM devices d JOIN alerts a ON a.device_id = d.id WHERE d.account_id = 42 AND a.closed_at IS NULL;
