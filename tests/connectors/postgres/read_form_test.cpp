#include "connectors/postgres/read_form.h"

#include <gtest/gtest.h>

#include <string>

namespace planwise::pg {
namespace {

struct Case {
  std::string sql;
  std::string expected;
};

class ReadForm : public testing::TestWithParam<Case> {};

TEST_P(ReadForm, HasTheSameTablesAndConditions) {
  EXPECT_EQ(read_form(GetParam().sql), GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(
    Statements, ReadForm,
    testing::Values(
        Case{"UPDATE orders SET state = $1, n = n + $2 WHERE id = $3", "SELECT 1 FROM orders WHERE id = $1 "},
        Case{"UPDATE ONLY s.orders AS o SET (a, b) = ($1, (SELECT x FROM y WHERE z = $2)) FROM customers c "
             "WHERE c.id = o.customer_id AND c.name = $3 RETURNING o.id",
             "SELECT 1 FROM ONLY s.orders AS o , customers c WHERE c.id = o.customer_id AND c.name = $1 "},
        Case{"DELETE FROM orders", "SELECT 1 FROM orders "},
        Case{"DELETE FROM items i USING orders o WHERE o.id = i.order_id AND o.at < $1 AND o.b = $1;",
             "SELECT 1 FROM items i , orders o WHERE o.id = i.order_id AND o.at < $1 AND o.b = $1 "},
        Case{"WITH c AS (SELECT id FROM t WHERE a = $2 FOR UPDATE SKIP LOCKED) DELETE FROM t USING c WHERE "
             "t.id = c.id",
             "WITH c AS (SELECT id FROM t WHERE a = $1 ) SELECT 1 FROM t , c WHERE t.id = c.id "},
        Case{"UPDATE jobs SET owner = $1 WHERE id = (SELECT id FROM jobs WHERE state = $2 ORDER BY id LIMIT "
             "$3 "
             "FOR NO KEY UPDATE OF jobs NOWAIT)",
             "SELECT 1 FROM jobs WHERE id = (SELECT id FROM jobs WHERE state = $1 ORDER BY id LIMIT $2 ) "},
        Case{"INSERT INTO a (b) SELECT c FROM d JOIN e ON e.i = d.i WHERE f = $1 ON CONFLICT (b) DO NOTHING "
             "RETURNING b",
             "SELECT c FROM d JOIN e ON e.i = d.i WHERE f = $1 "},
        Case{"SELECT substring(a FROM 1 FOR 5) FROM t WHERE b = $1 FOR UPDATE OF t, u LIMIT $2",
             "SELECT substring(a FROM 1 FOR 5) FROM t WHERE b = $1 LIMIT $2 "}));

TEST(ReadFormNone, WhereNothingIsReadOrTheFormIsNotKnown) {
  EXPECT_FALSE(read_form("INSERT INTO a VALUES ($1)"));
  EXPECT_FALSE(read_form("MERGE INTO a USING b ON a.i = b.i WHEN MATCHED THEN DELETE"));
  EXPECT_FALSE(read_form("VACUUM"));
  EXPECT_FALSE(read_form(""));
}

}  // namespace
}  // namespace planwise::pg
