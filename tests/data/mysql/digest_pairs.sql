-- Pairs of statements, and whether MariaDB's performance_schema gives both one digest:
--   = one digest, and one fingerprint of ours
--   ! two digests, and two fingerprints
--   ~ two digests, but one fingerprint: on purpose, as the heading says
-- tests/live/mysql_digest_test.cpp asks a server, tests/analyzer/sql/mysql_digest_test.cpp the fingerprint alone.

= select a from t where b = 1 ||| SELECT  a FROM t WHERE b = 'x'
= select a from t where b = 1 ||| select a from t where b = null
= select a from t where b = 1 ||| select `a` from `t` where `b` = 1
= select a from t where b = 1 ||| select a from t where b = N'x'
= select a from t where b = 1 ||| select a from t where b = 0x1f
= select a from t where b = 1 ||| select a from t where b = b'1'
= select a from t where b = 1 ||| select a from t where b = 1.5
= select a from t where b = 1 ||| select a from t where b = 1e5
= select a from t where b = 1 ||| select /* c */ a from t where b = 1
= select a from t where b = 1 ||| select a from t where b = ''
= select a from t where b = 1 ||| select a from t where b = "x"
= select a from t where b = 1 ||| select a from t where b = '\''
= select a from t where b = 1 ||| select a from t where b = 'it''s'
= select a from t where b = 1 ||| select a from t where b = "say ""x"""
= select a from t where b = 1 ||| select a from t where b = 'back\\'
= select a from t where b = 1 ||| select a from t where b = "new line"
= select a from t where b = -1 ||| select a from t where b = - 1
= select a from t where b in (1) ||| select a from t where b in (-1)
= select a from t where b in (1,2) ||| select a from t where b in (1,2,3)
= select a from t where b in (1,2) ||| select a from t where b in ('x',2,3)
= select a from t where b in (1,2) ||| select a from t where b in (-1,2,3)
= select a from t where b in (1,2) ||| select a from t where b in (1,-2,3)
= select a from t where b in (1,2) ||| select a from t where b in (null,1)
= select a from t where b in (1,2) ||| select a from t where b in (- 1, + 2)
= select a from t where b in (1,2) ||| select a from t where b in (0x1f, 0x2f)
= insert into t values (1),(2) ||| insert into t values (1),(2),(3)
= insert into t values (1,2) ||| insert into t values (1,'x',null)
= insert into t (a,b) values (1,2) ||| insert into t (a, b) values (-1, 2)
= select a from t limit 10, 20 ||| select a from t limit 5, 10
= select a from t limit 20 offset 10 ||| select a from t limit 5 offset 10
= select 1 ||| select -1
= select 1 ||| select - - 1
= select 1 ||| select null
= select 1, 2 ||| select 1, 2, 3
= select 1, 2 ||| select 'a', 'b'
= select 1, 2 ||| select null, 1
= select f(1) ||| select f(-1)
= select f(1,2) ||| select f(1,2,3)
= select f(1,2) ||| select f(-1, 2)
= select f(x,1,2) ||| select f(x,1,2,3)
= select a from t where b = @v ||| select a from t where b = @w
= select @@sql_mode ||| select @@`sql_mode`
= select cast(a as decimal(10,2)) from t ||| select cast(a as decimal(10, 2)) from t
= select a from t where b = _utf8'x' ||| select a from t where b = _utf8mb4 'x'
= select a from t where b = _utf8'x' ||| select a from t where b = _binary 'x'
= select a from t where b between 1 and 2 ||| select a from t where b between -1 and +1
= select a from t where b != 1 ||| select a from t where b <> 1
= select distinct a from t ||| select distinctrow a from t
= select t.a from t ||| select t . a from t
= select count(*) from t ||| select count( * ) from t
= select count(*) from t ||| select COUNT(*) from t
= select count(*) from t ||| select Count( * ) from t
= select 1 + 1 ||| select -1 + -1
= select 1 - 1 ||| select 1 -1
= select (1) ||| select (-1)
= select a-1 from t ||| select a - 1 from t
= select a-1 from t ||| select a - -1 from t
= select if(a,1,2) from t ||| select if(a,1,null) from t
= update t set a = 1 where b = 2 ||| update t set a = null where b = 2
= set @x = 1 ||| set @y = 2
= select a from t where b regexp 'x' ||| select a from t where b rlike 'x'
= select sql_no_cache a from t ||| select /*!40101 sql_no_cache */ a from t
= select current_timestamp() ||| select now()
= select interval(1,2,3) ||| select interval(1, 2)
= select mid(a,1,2) from t ||| select substring(a,1,2) from t
= select session_user() ||| select system_user()
= select curdate() ||| select current_date()
= select std(a) from t ||| select stddev(a) from t
= select std(a) from t ||| select stddev_pop(a) from t
= select a from t where b = any (select c from u) ||| select a from t where b = some (select c from u)
= select timestampdiff(second, a, b) from t ||| select timestampdiff(sql_tsi_second, a, b) from t
= insert into t (a, b) values (1, 2), (3, 4), (5, 6) ||| insert into t (a, b) values (1, null), (null, 4)
= insert into t (a, b) values (1, 2), (3, 4), (5, 6) ||| insert into t (a, b) values (1, -2), (-3, 4)
= insert into t values (1, 'a', now(), 2, 3) ||| insert into t values (1, 2, now(), 2, 3)
= show columns from t ||| show fields from t
= show databases ||| show schemas
= explain select 1 ||| describe select 1
= describe t ||| explain t
= select/**/ a/**/ from/**/ t ||| select a /*!99999 x */ from t
= select/**/ a/**/ from/**/ t ||| select a from `t`
= select a /*M!100000 , b */ from t ||| select a /*! , b */ from t

! select a from t where b = null ||| select a from t where b is null
! select a from t where b is null ||| select a from t where b = true
! select a from t where b = true ||| select a from t where b = false
! select a from t where b in (null,1) ||| select a from t where b in (1+1,2)
! select a from t where b in (1+1,2) ||| select a from t where b in (x,1)
! select a from t where b in (x,1) ||| select a from t where b in (1,x)
! insert into t values (1,now()),(2,now()) ||| insert into t values (default,1)
! insert into t (a,b) values (1,2) ||| insert into t (`a`,`b`) value (1,2)
! select a from t limit 10 ||| select a from t limit 10, 20
! select a from t limit 10, 20 ||| select a from t limit 20 offset 10
! select 'a' 'b' ||| select 'a', 'b'
! select f(1) ||| select f(1,2)
! select a from t where (b,c) in ((1,2)) ||| select a from t where b = @v
! select @@sql_mode ||| select @@session.sql_mode
! select cast(a as decimal(10,2)) from t ||| select cast(a as char(5)) from t
! select a from t where b = _utf8'x' ||| select a from t where b = N'x'
! select a from t where b = b'1' ||| select a from t where b = date '2020-01-01'
! select a from t where b = date '2020-01-01' ||| select a from t where b = 1.5
! select a from t where b = 1e5 ||| select a from t where b between 1 and 2
! select a from t where b between 1 and 2 ||| select a from t where b like 'x%'
! select a from t where b like 'x%' ||| select a from t where b like 'x%' escape '!'
! select a from t where b like 'x%' escape '!' ||| select a from t where b > now() - interval 1 day
! select a from t where b > now() - interval 1 day ||| select a from t where b > now() - interval 2 hour
! select a from t where b <> 1 ||| select a from t where b = 1 or c = 2
! select a from t where b = 1 or c = 2 ||| select a from t where b = 1 || c = 2
! select a from t where b = 1 || c = 2 ||| select a from t where b = 1 && c = 2
! select a from t where b = 1 && c = 2 ||| select a from t where b = 1 and c = 2
! select count( * ) from t ||| select count(1) from t
! select a from t group by 1 ||| select a from t group by a
! select a from t group by a ||| select a from t order by 1
! select a from t order by 1 ||| select a from t order by 2 desc
! select a from t order by 2 desc ||| select a from t order by a
! select a from t order by a ||| select a from t order by a asc
! select a from t where b in (select 1) ||| select a from t where b in (select 1, 2)
! select a from t where b = "x" ||| select a from t use index (i) where b = 1
! select a from t use index (i) where b = 1 ||| select a from t force index (i) where b = 1
! update t set a = null where b = 2 ||| update t set a = default where b = 2
! update t set a = default where b = 2 ||| update t set a = a + 1 where b = 2
! delete from t where a = 1 ||| delete from t where a = 1 limit 5
! show tables ||| show tables like 'x%'
! select a from t where b not in (1,2) ||| select a from t where b is not null
! select a from t where b is not null ||| select a from t where not b = 1
! select a from t where not b = 1 ||| select a from t where b regexp 'x'
! select a from t1 join t2 on t1.id = t2.id ||| select a from t1 inner join t2 on t1.id = t2.id
! select current_timestamp ||| select current_timestamp()
! select 1 union select 2 ||| select 1 union all select 2
! select a from t where b = 1 for update ||| select a from t lock in share mode
! insert into t set a = 1 ||| insert into t (a) values (1) on duplicate key update a = 2
! insert into t (a) values (1) on duplicate key update a = 2 ||| insert into t (a) values (1) on duplicate key update a = values(a)
! select a from t where b = 1 and 1 = 1 ||| select a from t where 1
! select a from t where 1 ||| select a from t where true
! select a from t where true ||| select a from t having a > 1
! select substring(a,1,2) from t ||| select substr(a from 1 for 2) from t
! select current_user() ||| select current_user
! select current_user ||| select curdate()
! select curdate() ||| select current_date
! select current_date ||| select current_date()
! select a from t where b > all (select 1) ||| select a from t where b = any (select c from u)
! select a from t where b in (1, 2) and c in ('x') ||| select a from t where b in ((1), (2))
! select a from t where b in ((1), (2)) ||| select a from t where b = (1)
! select a from t where b = (1) ||| select a from t where (b = 1)
! select a from t where (b = 1) ||| select a from t where (b) = (1)
! insert into t (a, b) values (-1, 2) ||| insert into t (a, b) values (1, default), (2, default)
! insert into t (a, b) values (1, default), (2, default) ||| insert into t values (1, 'a', now(), 2, 3)
! insert into t values (1, 2, now(), 2, 3) ||| insert into t values (now(), 1, 2)
! insert into t values (now(), 1, 2) ||| insert into t values ((1), 2)
! insert into t values ((1), 2) ||| insert into t value (1), (2)
! insert into t value (1), (2) ||| insert into t values (), ()
! insert into t values (), () ||| insert into t values (1.5, x'1f', b'1', 0x1f, _utf8'x', N'y', null, true)
! insert into t values (1.5, x'1f', b'1', 0x1f, _utf8'x', N'y', null, true) ||| insert into t values (@a, 1)
! select a from t where b between -1 and +1 ||| select a from t where b > -1 and c < - - 1
! select a from t where b > -1 and c < - - 1 ||| select a from t where b in (-1)
! select f(-1) ||| select f(-1, 2)
! select a from t where b = 'x' 'y' ||| select a from t where b = _latin1'x' collate latin1_bin
! select a from t where b = _latin1'x' collate latin1_bin ||| select a from t where b = _utf8mb4 'x'
! set autocommit = 1 ||| set autocommit = on
! select cast(a as char) from t ||| select cast(a as int), cast(a as integer), cast(a as dec(5,2)) from t
! select cast(a as int), cast(a as integer), cast(a as dec(5,2)) from t ||| select cast(a as decimal(5)) from t
! select cast(a as decimal(5)) from t ||| select cast(a as decimal(10, 2)) from t
! select cast(a as decimal(10, 2)) from t ||| select cast(1 as char(5)), 2 from t
! select convert(a, char(10)) from t ||| select convert(a using utf8) from t
! select a from t group by a, 1 ||| select a from t group by 1, 2
! select a from t group by 1, 2 ||| select a from t order by 1, 2
! select a from t limit 5, 10 ||| select a from t limit 5 offset 10
! select a from t limit 5 offset 10 ||| select a from t where a is true
! select a from t where a is true ||| select a from t where a is not false
! select a from t where a is not false ||| select a from t where a is unknown
! select true, false, null ||| select true and 1
! select null ||| select null, 1
! update t set a = null, b = -1 where c = 3 ||| update t set a = a - 1 where c = -3
! truncate table t ||| truncate t
! create table t (a int, b varchar(10) default 'x') ||| create table t (a int(11) not null auto_increment primary key, b decimal(10,2)) engine = innodb
! execute s using @a ||| execute s using @a, @b
! select a from t use index () where b = 1 ||| select a from t ignore key (i), u
! select a from t ignore key (i), u ||| select a from t1 left join t2 using (a)
! select a from t1 left join t2 using (a) ||| select a from t1 left outer join t2 on t1.a = t2.a
! select a from t1 left outer join t2 on t1.a = t2.a ||| select a from t1 natural join t2
! select a from t1 natural join t2 ||| select a from t where match (b) against ('x' in boolean mode)
! select * from t1 union select * from t2 order by 1 limit 5 ||| select * from t1 except select * from t2
! select * from t1 except select * from t2 ||| select * from t1 intersect select * from t2
! select a from t for update ||| select a from t where b = 1 lock in share mode
! select json_value(a, '$.x') from t ||| select json_extract(a, '$.x', '$.y') from t
! select a from t where b like concat('%', 'x', '%') ||| select a from t where b not like 'x'
! select a from t where b not in (1) ||| select a from t where b not between 1 and 2
! select a from t where b not between 1 and 2 ||| select a from t where b not regexp 'x'
! select a from t where b not regexp 'x' ||| select a from t where b sounds like 'x'
! select a from t where b sounds like 'x' ||| select a from t where b <=> 1
! select a from t where b <=> 1 ||| select a from t where !b
! select a from t where !b ||| select a from t where ~b
! select a from t where ~b ||| select a from t where b & 1 | 2 ^ 3
! select a from t where b & 1 | 2 ^ 3 ||| select a from t where b << 1 >> 2
! select a from t where b << 1 >> 2 ||| select a from t where b div 2 = 1
! select a from t where b div 2 = 1 ||| select a from t where b mod 2 = 1
! select a from t where b mod 2 = 1 ||| select a from t where b % 2 = 1
! select interval 1 day + a from t ||| select interval(1, 2)
! select a /*!99999 x */ from t ||| select a /*M!100000 , b */ from t
! select a from `t` ||| select a from d.t
! select count(*), count(1), count(a) from t ||| select COUNT(*) from t
! select a from t where b = 1 or (c = 2 and d in (1, 2, 3)) ||| select a from t where b = 0.5 or b = .5 or b = 5. or b = 1e-5
! select a from t where b = 0.5 or b = .5 or b = 5. or b = 1e-5 ||| select a from t where (a, b) = (1, 2)
! select a from t where (a, b) = (1, 2) ||| select a from t where (a, b) in ((1, 2), (3, 4), (5, 6))
! select a from t where (a, b) in ((1, 2), (3, 4), (5, 6)) ||| select a from t where row(a, b) = row(1, 2)
! insert into t select 1, 2 ||| insert into t select a, 1 from u
! select a from t partition (p0) ||| select a from t where b = 1 procedure analyse(1, 2)
! select a from t where date(b) = '2020-01-01' ||| select a from t where b >= '2020-01-01' and b < '2020-01-01' + interval 1 day
! select char(65, 66 using utf8) ||| select char(65)

-- A sign is part of its number.
~ select a from t where b = 1 ||| select a from t where b = -1
~ select a from t where b = 1 ||| select a from t where b = +1
~ select a from t where b = 1 ||| select a from t where b = - 1
~ update t set a = 1, b = 2 where c = 3 ||| update t set a = null, b = -1 where c = 3

-- A list of one value is a list as any other.
~ select a from t where b in (1) ||| select a from t where b in (1,2)
~ select a from t where b in (1) ||| select a from t where b in (1,2,3)
~ select a from t where b in (1) ||| select a from t where b in ('x',2,3)
~ select a from t where b in (1) ||| select a from t where b in (-1,2,3)
~ select a from t where b in (1) ||| select a from t where b in (1,-2,3)
~ select a from t where b in (1) ||| select a from t where b in (null,1)
~ select a from t where (b,c) in ((1,2),(3,4)) ||| select a from t where (b,c) in ((1,2))
~ select a from t where b in (1) ||| select a from t where b in (- 1, + 2)
~ select a from t where b in (1) ||| select a from t where b in (0x1f, 0x2f)
~ select a from t where b not in (1,2) ||| select a from t where b not in (1)

-- Names differ in case: columns have none, and digests change the case of tables.
~ select a from t where b = 1 ||| select A from t where b = 1
~ select a from t where b = 1 ||| select a from T where b = 1

-- A name that equals a keyword is another token in quotes.
~ select id, name from t where status = 1 ||| select `id`, `name` from t where `status` = 1

-- One row of values is grouped as several are.
~ insert into t values (1) ||| insert into t values (1),(2)
~ insert into t values (1) ||| insert into t values (1),(2),(3)
~ insert into t values (1,2) ||| insert into t values (1,2),(3,4)
~ insert into t values (1,now()) ||| insert into t values (1,now()),(2,now())
~ select (1) ||| select (1),(2)
~ insert into t (a,b) values (1,2) ||| insert into t (a, b) values (1, 2), (3, 4), (5, 6)
~ insert into t (a,b) values (1,2) ||| insert into t (a, b) values (1, null), (null, 4)
~ insert into t (a,b) values (1,2) ||| insert into t (a, b) values (1, -2), (-3, 4)
~ values (1), (2) ||| values (1)

-- Neighbouring strings are one string.
~ select 1 ||| select 'a' 'b'
~ select 1 ||| select 'a' 'b' 'c'
~ select 1, 2 ||| select 'a' 'b', 'c'
~ select a from t where b = 1 ||| select a from t where b = 'x' 'y'

-- A hexadecimal string is a token of its own for the server.
~ select a from t where b = 1 ||| select a from t where b = x'1f'
~ select a from t where b = _utf8'x' ||| select a from t where b = _utf8 x'1f'
~ select 1, 2 ||| select x'1f', x'2f'
~ select a from t where b in (1) ||| select a from t where b in (x'1f', x'2f')
~ insert into t values (1,2) ||| insert into t values (x'1f', 1)
~ insert into t values (1) ||| insert into t values (x'1f')

-- A variable's name in quotes is an identifier for the server; the variable is no part of a grouping.
~ select @a, @b ||| select @`my var`, @'x'
