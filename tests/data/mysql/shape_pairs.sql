-- A statement a line as MySQL has it, and as PostgreSQL has it where that differs: both read to one shape.
SELECT a FROM t WHERE a = 1 AND b < 5 AND c IN (1, 2) AND e BETWEEN 1 AND 2
SELECT a FROM t WHERE a LIKE 'x%' AND c IS NULL AND d IS NOT NULL ORDER BY a DESC, b LIMIT 10 OFFSET 5
SELECT 1 FROM a JOIN b ON a.x = b.y AND b.z = 5 LEFT JOIN c ON c.p > a.q
SELECT 1 FROM a RIGHT JOIN b ON a.x = b.y CROSS JOIN c
SELECT 1 FROM t WHERE x = 0 AND (a = 1 OR b = 2 AND c > 3)
SELECT 1 FROM t WHERE NOT (a = 1 AND b > 2) AND NOT c IN (1,2)
SELECT 1 FROM t WHERE active AND NOT deleted AND f IS TRUE AND g IS FALSE AND h <> 1 AND i NOT IN (1)
SELECT lower(b) AS l, sum(c) AS s, CASE WHEN d THEN 1 END AS q FROM t GROUP BY l, a HAVING max(e) > 1 ORDER BY 2
SELECT DISTINCT a FROM t FOR UPDATE
SELECT (SELECT max(x) AS m FROM a WHERE a.id = t.id) AS z FROM t, (SELECT y FROM b) s WHERE EXISTS (SELECT 1 FROM c WHERE c.t_id = t.id) AND NOT EXISTS (SELECT 1 FROM d) AND t.e IN (SELECT z FROM e) AND t.f NOT IN (SELECT w FROM f)
WITH RECURSIVE tree AS (SELECT id FROM node WHERE parent IS NULL UNION ALL SELECT n.id FROM node n JOIN tree ON n.parent = tree.id) SELECT * FROM tree WHERE id > 5
SELECT a FROM t UNION SELECT b FROM u EXCEPT SELECT c FROM v INTERSECT SELECT d FROM w ORDER BY 1 LIMIT 3
(SELECT a FROM t ORDER BY a LIMIT 5) UNION ALL (SELECT b FROM u) ORDER BY a
INSERT INTO s.t (a, b) VALUES (1, 2), (3, 4)
INSERT INTO t SELECT * FROM u WHERE x = 1
UPDATE t SET a = a + 1, b = 2 WHERE t.c = 5
UPDATE t JOIN u ON t.id = u.id SET a = a + 1, b = u.b WHERE t.c = 5 ||| UPDATE t SET a = a + 1, b = u.b FROM u WHERE t.id = u.id AND t.c = 5
DELETE FROM t USING t JOIN u ON t.id = u.id WHERE u.x < ? ||| DELETE FROM t USING u WHERE t.id = u.id AND u.x < $1
DELETE t FROM u JOIN t ON t.id = u.id WHERE u.x < ? ||| DELETE FROM t USING u WHERE t.id = u.id AND u.x < $1
SELECT 1 FROM t WHERE (a, b) = (1, 2) AND (c, d) > (3, 4) AND (e, f) IN ((1, 2), (3, 4))
SELECT rank() OVER (PARTITION BY a ORDER BY b DESC) AS r FROM t
SELECT 1 FROM t WHERE coalesce(a, 0) > 5 AND a * 2 > 5 AND nullif(a, 1) = 2 AND greatest(a, b) = 1
SELECT 1 FROM t WHERE a > date '2020-01-01' + INTERVAL 1 YEAR ||| SELECT 1 FROM t WHERE a > date '2020-01-01' + interval '1 year'
SELECT 1 FROM t WHERE a > now() - INTERVAL 1 DAY ||| SELECT 1 FROM t WHERE a > now() - interval '1 day'
SELECT 1 FROM t LIMIT 20, 10 ||| SELECT 1 FROM t LIMIT 10 OFFSET 20
SELECT a FROM t WHERE id = ANY (SELECT x FROM u) AND y <> ALL (SELECT z FROM w)
SELECT 1 FROM a NATURAL JOIN b JOIN c USING (x, y)
SELECT count(*) AS n, count(DISTINCT a) AS d FROM t GROUP BY b WITH ROLLUP ||| SELECT count(*) AS n, count(DISTINCT a) AS d FROM t GROUP BY ROLLUP (b)
SELECT t.* FROM t WHERE a NOT BETWEEN 1 AND 2 AND b NOT LIKE 'x'
SELECT 1 FROM t WHERE a REGEXP 'x' AND b NOT RLIKE 'y' ||| SELECT 1 FROM t WHERE a ~ 'x' AND b !~ 'y'
SELECT cast(a AS decimal(10,2)) AS x FROM t WHERE cast(b AS date) = '2020-01-01' ||| SELECT cast(a AS numeric(10,2)) AS x FROM t WHERE cast(b AS date) = '2020-01-01'
SELECT extract(year FROM at) AS y FROM t WHERE doc ->> 'k' = 'x'
SELECT 1 FROM a, b WHERE a.x = b.y AND 5 > a.z
VALUES (1, 2), (3, 4)
SELECT 1 FROM a JOIN b JOIN c ON b.x = c.x ON a.y = b.y ||| SELECT 1 FROM a JOIN (b JOIN c ON b.x = c.x) ON a.y = b.y
SELECT 1 FROM a JOIN b LEFT JOIN c ON b.x = c.x ||| SELECT 1 FROM a CROSS JOIN b LEFT JOIN c ON b.x = c.x
SELECT 1 FROM a LEFT JOIN (b, c) ON a.x = b.x AND a.y = c.y ||| SELECT 1 FROM a LEFT JOIN (b CROSS JOIN c) ON a.x = b.x AND a.y = c.y
INSERT INTO t (a) VALUES (1) ON DUPLICATE KEY UPDATE b = 1, c = now() ||| INSERT INTO t (a) VALUES (1) ON CONFLICT (a) DO UPDATE SET b = 1, c = now()
SELECT 1 FROM t WHERE b > 1.5 AND c < 99999999999 AND d = 'it''s' AND e = -1.5
SELECT `t`.`a`, t.b FROM `my table` AS t USE INDEX FOR ORDER BY (x, PRIMARY) IGNORE KEY (y) WHERE `t`.`a` = 5 ||| SELECT t.a, t.b FROM "my table" AS t WHERE t.a = 5
SELECT a FROM t WHERE b IN (...) AND c = ? ||| SELECT a FROM t WHERE b IN ($1) AND c = $2
SELECT a FROM t ORDER BY a LIMIT ? , ... ||| SELECT a FROM t ORDER BY a LIMIT $2 OFFSET $1
SELECT a FROM t WHERE b = 1 || c = 2 && d = 3 ||| SELECT a FROM t WHERE b = 1 OR c = 2 AND d = 3
SELECT a FROM t WHERE ((((b = 1) OR c = 2) OR d = 3) AND (e = 4)) ||| SELECT a FROM t WHERE (b = 1 OR c = 2 OR d = 3) AND e = 4
SELECT a FROM t WHERE b = 1 OR (c = 2 OR (d = 3)) ||| SELECT a FROM t WHERE b = 1 OR c = 2 OR d = 3
SELECT a FROM t WHERE MATCH (b) AGAINST ('x' IN BOOLEAN MODE) ||| SELECT a FROM t WHERE b @@ 'x'
SELECT a FROM t LOCK IN SHARE MODE ||| SELECT a FROM t FOR SHARE
SELECT STRAIGHT_JOIN SQL_CALC_FOUND_ROWS a.x FROM a STRAIGHT_JOIN b ON a.x = b.x ||| SELECT a.x FROM a JOIN b ON a.x = b.x
REPLACE INTO t (a, b) VALUES (1, 2) ||| INSERT INTO t (a, b) VALUES (1, 2)
INSERT INTO t SET a = 1, b = 2 ||| INSERT INTO t (a, b) VALUES (1, 2)
DELETE FROM t WHERE a = 1 RETURNING b
INSERT INTO t (a) SELECT b FROM u WHERE c > 5 ORDER BY c LIMIT 3
SELECT x.n FROM (SELECT count(*) AS n, a FROM t GROUP BY a HAVING count(*) > 5) AS x WHERE x.n > 1 ORDER BY x.n DESC
SELECT a.x FROM a, LATERAL (SELECT b.y FROM b WHERE b.z = a.z) AS l
WITH c (p, q) AS (SELECT a, b FROM t) SELECT p FROM c WHERE q = 1
SELECT a FROM t WHERE c > ALL (SELECT d FROM w) AND (a, b) IN (SELECT x, y FROM u)
SELECT sum(x) OVER w AS s FROM t WINDOW w AS (PARTITION BY a ORDER BY b)
SELECT a FROM t WHERE b = (SELECT max(c) AS m FROM u WHERE u.d = t.d) AND NOT (e = 1 OR f < 2)
/* tag='x' */ SELECT a FROM t /*!40101 WHERE b = 1 */ ||| SELECT a FROM t WHERE b = 1
SELECT a FROM t WHERE binary b = 'x' ||| SELECT a FROM t WHERE b::bytea = 'x'
SELECT a FROM t WHERE b COLLATE utf8mb4_bin = 'x' ||| SELECT a FROM t WHERE b COLLATE "C" = 'x'
SELECT a FROM t WHERE lower(b) = lower(?) AND c = concat(?, 'x') ||| SELECT a FROM t WHERE lower(b) = lower($1) AND c = concat($2, 'x')
