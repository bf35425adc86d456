SELECT id FROM jobs WHERE unique_key = 'u120123' AND state IN ('ready', 'running') LIMIT 1;
