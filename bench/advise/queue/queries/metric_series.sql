SELECT at, value FROM metrics WHERE device_id = 417 AND metric_id = 3 AND at BETWEEN '2025-10-20' AND '2025-10-30' ORDER BY at;
