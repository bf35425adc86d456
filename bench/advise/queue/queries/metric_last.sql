SELECT at, value FROM metrics WHERE device_id = 417 AND metric_id = 3 ORDER BY at DESC LIMIT 1;
