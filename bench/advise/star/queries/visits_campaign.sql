SELECT count(*), count(sale_id) FROM fact_visits WHERE params @> '{"utm_campaign": "c271"}';
