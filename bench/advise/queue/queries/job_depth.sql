SELECT queue, count(*) FROM jobs WHERE state IN ('ready', 'running') GROUP BY queue;
