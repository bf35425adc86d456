SELECT b.product_id, count(*) FROM order_items a JOIN order_items b ON b.order_id = a.order_id WHERE a.product_id = 30321 AND b.product_id <> 30321 GROUP BY b.product_id ORDER BY 2 DESC LIMIT 5;
