SELECT queue, count(*), avg(finished_at - locked_at) FROM jobs WHERE state = 'done' AND finished_at >= '2025-11-01 00:00' GROUP BY queue;
