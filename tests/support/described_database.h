// A database described in plain lines, for tests of rules.
#pragma once

#include <map>
#include <string>

#include "analyzer/advise/advice.h"
#include "analyzer/model/snapshot.h"
#include "analyzer/rule.h"
#include "analyzer/sql/shape.h"

namespace planwise::test {

// What a rule may look at, with its storage.
struct Database {
  Snapshot snapshot;
  std::map<StatementId, StatementShape> shapes;
  Advice advice;
  [[nodiscard]] Analysis analysis() const { return {snapshot, shapes, advice}; }
};

// Lines of a ```db block; indented lines belong to the line above. Times are ages before the reading ("3d",
// "2h"), sizes are "8kB", "60MB". An unknown word throws std::runtime_error.
//
//   server 16.3 [replica]                    PostgreSQL 15.4 unless said; `server mysql 8.0.36`, `server
//   mariadb 10.11.6` come before everything else
//   window 24h                               what statements cover; unless said 24 hours. `unknown`: no
//   length counters 60d                             age of table and index counters; unless said 60 days.
//   `unknown` load total=10min [calls=N] [statements=N]  all statements, listed or not; unless said the sum
//   of those listed workload log                             kind: since-reset unless said setting NAME VALUE
//   [UNIT] extension NAME VERSION gap WHAT: WHY table SCHEMA.TABLE rows=N|unknown [size=] [partitioned=(a)]
//   [partition-of=S.T] [temporary] [foreign]
//         [matview] [no-counters] [modified=N] [analyzed=AGE|never] [inserts=] [updates=] [hot=] [deletes=]
//         [live=] [dead=] [pages=] [replica-identity=f] [options=(autovacuum_enabled=off)]
//     NAME TYPE [not-null] [identity] [distinct=N] [nulls=0.1] [width=8] [correlation=] [common=(a:0.5,
//     b:0.2)]
//         [bounds=(a, b)] [no-stats]
//     CREATE [UNIQUE] INDEX ... ; [size=] [scans=N] [last-scan=AGE] [unused-since=AGE] [primary-key]
//     [constraint]
//         [exclusion] [invalid] [building] [replica-identity] [referenced] [expression-stats] [part-of=INDEX]
//   foreign-key NAME S.T (a, b) -> S.P (id) [on-delete=c]
//   sequence S.N type=integer last=N|unknown [owner=S.T.col] [max=] [increment=] [cycles]
//   statement ID calls=N mean=2ms [rows=N a call] [stddev=] [hit=] [read=] [temp-written=] [user=] : SQL
//   not-helped ID: REASON                    the advisor found no index for the statement
//   proposal CREATE INDEX ... ; [size=] [saved=MS an hour] [load=SHARE] [writes=SHARE] [basis=] [unverified]
//         [replaces=(a, b)] [alternatives=(x, y)]
//     ID before=COST after=COST [saved=]
//   plan ID [source=statistics] [worst]      the indented lines are its nodes: tests/support/plan_drawing.h
//   plan-file ID PATH                        an EXPLAIN document under tests/data
//   interval LENGTH ID=CALLS/ROWS ...        one reading's difference, oldest first
//   session PID state=... [statement=ID] [age=]
[[nodiscard]] Database parse_db(const std::string& db);

}  // namespace planwise::test
