SELECT p.name, sum(s.amount) FROM dim_promotion p JOIN fact_sales s USING (promotion_id) WHERE p.kind = 'coupon' AND p.starts_on >= '2025-08-01' AND s.channel = 'app' GROUP BY p.name;
