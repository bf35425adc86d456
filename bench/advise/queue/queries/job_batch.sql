SELECT state, count(*) FROM jobs WHERE payload->>'batch_id' = 'b11234' GROUP BY state;
