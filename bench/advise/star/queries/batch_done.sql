UPDATE etl_batches SET state = 'done', rows_loaded = 5000 WHERE batch_id = 599;
