SELECT batch_id, source, started_at FROM etl_batches WHERE state = 'running';
