SELECT channel, count(*), sum(amount) FROM fact_sales GROUP BY channel;
