#include "analyzer/sql/shape_mysql.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "analyzer/audit.h"
#include "analyzer/sql/shape_postgres.h"
#include "tests/support/shape_text.h"
#include "tests/support/statement_lines.h"

namespace planwise {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

std::vector<std::string> statements_of(const std::string& file) {
  return test::statement_lines(PLANWISE_SOURCE_DIR, file);
}

StatementShape shape(std::string_view sql, Engine engine = Engine::kMySql, SqlModes modes = {}) {
  StatementShape read = shape_mysql(sql, engine, modes);
  EXPECT_TRUE(read.parsed) << sql << ": " << read.why_not;
  if (read.blocks.empty()) {
    read.blocks.emplace_back();
  }
  return read;
}

Predicate where(std::string_view condition, SqlModes modes = {}) {
  const StatementShape read = shape("SELECT 1 FROM t WHERE " + std::string(condition), Engine::kMySql, modes);
  EXPECT_FALSE(read.blocks[0].predicates.empty()) << condition;
  return read.blocks[0].predicates.empty() ? Predicate{} : read.blocks[0].predicates[0];
}

std::string why_not(std::string_view sql) {
  const StatementShape read = shape_mysql(sql);
  EXPECT_FALSE(read.parsed) << sql;
  return read.why_not;
}

TEST(ShapeMySql, IsThatOfTheSameStatementOnPostgres) {
  int seen = 0;
  for (const std::string& line : statements_of("shape_pairs.sql")) {
    const auto [mysql, postgres] = test::halves(line);
    const StatementShape ours = shape_mysql(mysql);
    const StatementShape theirs = shape_postgres(postgres);
    ASSERT_TRUE(ours.parsed) << line << ": " << ours.why_not;
    ASSERT_TRUE(theirs.parsed) << line << ": " << theirs.why_not;
    EXPECT_EQ(test::shape_text(ours), test::shape_text(theirs)) << line;
    ++seen;
  }
  EXPECT_GE(seen, 60);
}

TEST(ShapeMySql, ReadsTheSyntaxOfEveryRelease) {
  int seen = 0;
  for (const std::string& line : statements_of("statements.sql")) {
    for (const Engine engine : {Engine::kMySql, Engine::kMariaDb}) {
      const StatementShape read = shape_mysql(line, engine);
      EXPECT_TRUE(read.parsed) << line << ": " << read.why_not;
      EXPECT_NE(read.kind, StatementKind::kUnknown) << line;
    }
    ++seen;
  }
  EXPECT_GE(seen, 90);
}

TEST(ShapeMySql, OperatorsBindAsTheServerHasThem) {
  const StatementShape both = shape("SELECT 1 FROM t WHERE a = 1 OR b = 2 AND NOT c = 3 XOR d");
  EXPECT_EQ(both.blocks[0].predicates.size(), 2U);  // XOR binds closer than OR
  EXPECT_EQ(where("NOT a = 1").kind, PredicateKind::kNotEqual);
  EXPECT_EQ(where("a <=> 5").kind, PredicateKind::kEqual);
  EXPECT_EQ(where("a <=> 5").op, "<=>");
  EXPECT_THAT(where("a BETWEEN 1 + 1 AND 2 * 3").estimates, ElementsAre("2", "6"));
  EXPECT_EQ(where("a = -5").constants.at(0), "-5");
  EXPECT_EQ(where("a = 1 || b = 2").or_group, 0);
  EXPECT_EQ(where("a || 'x' = 'ax'", {.pipes_as_concat = true}).or_group, -1);
  EXPECT_EQ(where("a || 'x' = 'ax'", {.pipes_as_concat = true}).kind, PredicateKind::kEqual);
}

TEST(ShapeMySql, ModesChangeWhatQuotesMean) {
  EXPECT_EQ(where("a = \"b\"").constants.at(0), "b");
  EXPECT_TRUE(where("\"a\" = 1", {.ansi_quotes = true}).column.column == "a");
  EXPECT_EQ(where("a = 'x\\'y'").constants.at(0), "x'y");
  EXPECT_EQ(where("a = 'x\\'", {.no_backslash_escapes = true}).constants.at(0), "x\\");
}

TEST(ShapeMySql, VersionCommentsAreCodeWhereTheServerRunsThem) {
  EXPECT_EQ(shape("SELECT 1 FROM t /*!50701 WHERE a = 1 */", Engine::kMySql).blocks[0].predicates.size(), 1U);
  EXPECT_EQ(shape("SELECT 1 FROM t /*!50701 WHERE a = 1 */", Engine::kMariaDb).blocks[0].predicates.size(),
            0U);
  EXPECT_EQ(shape("SELECT 1 FROM t /*M!100401 WHERE a = 1 */", Engine::kMariaDb).blocks[0].predicates.size(),
            1U);
  EXPECT_EQ(shape("SELECT 1 FROM t /*M!100401 WHERE a = 1 */", Engine::kMySql).blocks[0].predicates.size(),
            0U);
  EXPECT_EQ(shape("SELECT 1 FROM t /*!999999 x /* y */ z */", Engine::kMariaDb).blocks[0].predicates.size(),
            0U);
}

TEST(ShapeMySql, LiteralsOfEveryForm) {
  EXPECT_EQ(where("a = _utf8mb4'x' 'y'").constants.at(0), "xy");
  EXPECT_EQ(where("a = N'it''s'").constants.at(0), "it's");
  EXPECT_EQ(where("a = 0x1F").value, ValueKind::kConstant);
  EXPECT_EQ(where("a = X'1F'").value, ValueKind::kConstant);
  EXPECT_EQ(where("a = DATE '2020-01-01'").value_cast, "date");
  EXPECT_THAT(where("a > '2020-01-31' + INTERVAL 1 MONTH").estimates, ElementsAre("2020-02-29 00:00:00"));
  EXPECT_EQ(where("a = @x").value, ValueKind::kExpression);
  EXPECT_EQ(where("a = :name").value, ValueKind::kParameter);
}

TEST(ShapeMySql, ExpressionsAreTextForCreateIndex) {
  const auto text = [](std::string_view condition) { return where(condition).column.expression; };
  EXPECT_EQ(text("LOWER(t.email) = 'x'"), "lower(email)");
  EXPECT_EQ(text("CAST(a AS DATE) = '2020-01-01'"), "CAST(a AS date)");
  EXPECT_EQ(text("CONVERT(a, DECIMAL(10, 2)) = 1"), "CAST(a AS decimal(10,2))");
  EXPECT_EQ(text("doc ->> '$.a' = 'x'"), "(doc ->> '$.a')");
  EXPECT_EQ(text("EXTRACT(YEAR FROM a) = 2020"), "EXTRACT(YEAR FROM a)");
  EXPECT_EQ(text("a + INTERVAL 1 DAY > ?"), "(a + INTERVAL 1 DAY)");
  EXPECT_EQ(text("`select` * 2 = 4"), "(`select` * 2)");
  EXPECT_EQ(text("a + @x = 4"), "") << "an index holds no variables";
  EXPECT_EQ(where("LOWER(email) = 'x'").column.function, "lower");
  EXPECT_EQ(where("CAST(a AS CHAR(5)) = 'x'").column.cast, "char(5)");
}

TEST(ShapeMySql, WritesOfSeveralTablesPutTheChangedOneFirst) {
  const StatementShape update = shape("UPDATE a JOIN b ON a.id = b.id SET b.x = 1 WHERE a.y = 2");
  EXPECT_EQ(update.blocks[0].relations[0].name, "b");
  EXPECT_EQ(update.blocks[0].predicates[0].column.relation, 1);
  EXPECT_EQ(update.blocks[0].joins[0].right.relation, 0);
  EXPECT_THAT(update.written_columns, ElementsAre("x"));
  const StatementShape remove =
      shape("DELETE o FROM c LEFT JOIN orders AS o ON o.c_id = c.id WHERE c.z IS NULL");
  EXPECT_EQ(remove.kind, StatementKind::kDelete);
  EXPECT_EQ(remove.blocks[0].relations[0].alias, "o");
  EXPECT_TRUE(remove.blocks[0].relations[0].outer);
  EXPECT_TRUE(shape("DELETE FROM t WHERE a = 1 ORDER BY b DESC LIMIT 10").blocks[0].order_by[0].descending);
  EXPECT_EQ(shape("UPDATE t SET a = 1 ORDER BY b LIMIT 10").blocks[0].limit, 10);
}

TEST(ShapeMySql, WhatCannotBeReadIsToldWithItsPlace) {
  EXPECT_EQ(why_not("SELECT a FROM t WHERE WHERE b"), "cannot be read at byte 22, at \"WHERE\"");
  EXPECT_THAT(why_not("SELECT a FROM t LIMIT 'secret' 'x' y"), Not(HasSubstr("secret")));
  EXPECT_THAT(why_not("SELECT 'secret' 5"), Not(HasSubstr("5 ")));
  EXPECT_THAT(why_not("SELECT a FROM t WHERE a IN (1, 2"), HasSubstr("ends too early"));
  EXPECT_THAT(why_not("SELECT a FROM t LEFT JOIN u"), HasSubstr("lacks its condition"));
  EXPECT_THAT(why_not("SELECT a FROM t WHERE a BETWEEN 1"), HasSubstr("BETWEEN lacks its AND"));
  EXPECT_THAT(why_not("SELECT 1; SELECT 2"), HasSubstr("at \"SELECT\""));
  EXPECT_THAT(why_not("SELECT `a"), HasSubstr("not closed"));
  EXPECT_THAT(why_not("SELECT 'a"), HasSubstr("not closed"));
  EXPECT_EQ(shape_mysql("").kind, StatementKind::kUnknown);
  EXPECT_EQ(shape_mysql("REPLACE INTO t VALUES (").kind, StatementKind::kInsert);
  EXPECT_EQ(shape("ANALYZE TABLE t").kind, StatementKind::kUtility);
}

Schema shop() {
  const auto table = [](std::string name, const std::vector<std::string>& columns) {
    Table out{.name = {"shop", std::move(name)}};
    for (const std::string& column : columns) {
      out.columns.push_back({.name = column});
    }
    return out;
  };
  Schema schema{.tables = {table("Users", {"id"}), table("customers", {"id", "Name"}),
                           table("events", {"id", "day"}), table("users", {"id", "mail"})}};
  schema.search_path = {"shop"};
  return schema;
}

StatementShape resolved(std::string_view sql) {
  StatementShape read = shape(sql, Engine::kMariaDb);
  resolve(read, shop());
  return read;
}

TEST(ShapeMySqlResolve, NamesOfColumnsHaveNoCase) {
  const StatementShape read = resolved("SELECT C.ID FROM customers AS c WHERE NAME = 'x' AND c.Id = 5");
  EXPECT_EQ(read.blocks[0].predicates[0].column.column, "Name");
  EXPECT_EQ(read.blocks[0].predicates[1].column.column, "id");
  EXPECT_THAT(read.blocks[0].predicates[1].column.columns, ElementsAre("id"));
  EXPECT_EQ(read.blocks[0].output[0].relation, 0);
  EXPECT_THAT(resolved("UPDATE customers SET NAME = 'x'").written_columns, ElementsAre("Name"));
  const StatementShape derived = resolved("SELECT 1 FROM (SELECT id AS Nr FROM events) AS e WHERE NR = 1");
  EXPECT_EQ(derived.blocks[0].predicates[0].column.column, "Nr");
}

// MariaDB's digests print names that equal keywords in capitals.
TEST(ShapeMySqlResolve, TablesAreFoundInAnotherCaseWhereOneFits) {
  EXPECT_EQ(resolved("SELECT ID FROM EVENTS WHERE SQL_TSI_DAY = ?").blocks[0].relations[0].table,
            (TableName{"shop", "events"}));
  EXPECT_EQ(resolved("SELECT id FROM Users").blocks[0].relations[0].table, (TableName{"shop", "Users"}));
  EXPECT_FALSE(resolved("SELECT id FROM USERS").blocks[0].relations[0].table) << "two tables fit";
}

TEST(ShapeMySqlResolve, TheDefaultDatabaseDecidesBetweenTwoTablesOfOneName) {
  Snapshot snapshot;
  snapshot.server.engine = Engine::kMariaDb;
  snapshot.schema.tables = {{.name = {"north", "orders"}}, {.name = {"south", "orders"}}};
  snapshot.schema.search_path = {"north", "south"};
  const auto table_in = [&](std::string schema, std::string query) {
    snapshot.workload.statements = {{.id = {1}, .query = std::move(query), .schema = std::move(schema)}};
    return shapes_of(snapshot).at({1}).blocks[0].relations[0].table;
  };
  EXPECT_EQ(table_in("south", "SELECT 1 FROM orders"), (TableName{"south", "orders"}));
  EXPECT_EQ(table_in("south", "SELECT 1 FROM Orders"), (TableName{"south", "orders"}));
  EXPECT_EQ(table_in("south", "SELECT 1 FROM north.orders"), (TableName{"north", "orders"}));
  EXPECT_EQ(table_in("", "SELECT 1 FROM orders"), (TableName{"north", "orders"}));
  EXPECT_EQ(table_in("elsewhere", "SELECT 1 FROM orders"), std::nullopt);
}

TEST(ShapeMySqlResolve, OnPostgresCaseCounts) {
  StatementShape read = shape_postgres("SELECT 1 FROM customers WHERE NAME = 'x'");
  resolve(read, shop());
  EXPECT_TRUE(read.blocks[0].relations[0].table);
  EXPECT_EQ(read.blocks[0].predicates[0].column.column, "name");
}

}  // namespace
}  // namespace planwise
