SELECT avg(rating), count(*) FROM reviews WHERE product_id = 321 AND approved;
