SELECT queue, count(*) FROM jobs WHERE state = 'queued' GROUP BY queue;
