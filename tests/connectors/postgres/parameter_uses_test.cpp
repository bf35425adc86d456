#include "connectors/postgres/parameter_uses.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace planwise::pg {
namespace {

Table table(const std::string& name, const std::vector<std::string>& columns) {
  Table table;
  table.name = {"public", name};
  for (const std::string& column : columns) {
    table.columns.push_back({column, "bigint", "int8"});
  }
  return table;
}

Schema shop() {
  Schema schema;
  schema.search_path = {"public"};
  schema.tables = {table("customers", {"id", "email"}),
                   table("orders", {"id", "customer_id", "created_at", "total"})};
  return schema;
}

ParameterUses uses_of(const std::string& sql) {
  const auto tree = ParseTree::parse(sql);
  EXPECT_TRUE(tree.has_value()) << sql;
  return read_parameter_uses(*tree, shop());
}

// "equal orders.customer_id"
std::string described(const ParameterUse& use) {
  constexpr const char* kKinds[] = {"other", "equal", "not-equal", "greater", "less",   "array",
                                "like",  "regex", "contains",  "limit",   "offset", "argument"};
  std::string text = kKinds[static_cast<int>(use.kind)];
  if (use.table) {
    text += " " + use.table->table + "." + use.column;
  }
  text += use.transform.empty() ? "" : " in " + use.transform;
  text += use.is_offset_from ? " part" : "";
  text += use.function.empty() ? "" : " " + use.function + ":" + std::to_string(use.argument);
  return text + (use.top_level ? " top" : "");
}

struct Case {
  std::string sql;
  std::vector<std::string> expected;
};

class ParameterUsesOf : public testing::TestWithParam<Case> {};

TEST_P(ParameterUsesOf, AreRead) {
  std::vector<std::string> found;
  for (const ParameterUse& use : uses_of(GetParam().sql).parameters) {
    found.push_back(described(use));
  }
  EXPECT_EQ(found, GetParam().expected) << GetParam().sql;
}

INSTANTIATE_TEST_SUITE_P(
    Statements, ParameterUsesOf,
    testing::Values(
        Case{"SELECT * FROM orders WHERE customer_id = $1 AND created_at >= $2 LIMIT $3 OFFSET $4",
             {"equal orders.customer_id", "greater orders.created_at", "limit top", "offset top"}},
        Case{"SELECT * FROM orders WHERE $1 < created_at", {"greater orders.created_at"}},
        Case{"SELECT * FROM orders WHERE created_at BETWEEN $1 AND $2",
             {"greater orders.created_at", "less orders.created_at"}},
        Case{"SELECT * FROM orders WHERE created_at >= CAST($1 AS date)", {"greater orders.created_at"}},
        Case{"SELECT * FROM orders WHERE created_at > now() - $1", {"greater orders.created_at part"}},
        Case{"SELECT * FROM customers WHERE lower(email) = $1", {"equal customers.email in lower"}},
        Case{"SELECT * FROM customers WHERE email LIKE $1 OR email ~ $2",
             {"like customers.email", "regex customers.email"}},
        Case{"SELECT * FROM orders WHERE id IN ($1, $2)", {"equal orders.id", "equal orders.id"}},
        Case{"SELECT * FROM orders WHERE id = ANY ($1)", {"array orders.id"}},
        Case{"SELECT * FROM orders WHERE id = ANY (ARRAY[$1, $2])", {"equal orders.id", "equal orders.id"}},
        Case{"SELECT * FROM orders WHERE id IN (VALUES ($1), ($2))", {"equal orders.id", "equal orders.id"}},
        Case{"SELECT * FROM orders WHERE (created_at, id) < ($1, $2)",
             {"less orders.created_at", "less orders.id"}},
        Case{"SELECT * FROM orders o JOIN customers c ON c.id = o.customer_id WHERE c.id = $1",
             {"equal customers.id"}},
        Case{"SELECT (SELECT id FROM orders WHERE total > $1 LIMIT $2) FROM customers WHERE id = $3",
             {"greater orders.total", "limit", "equal customers.id"}},
        Case{"WITH r AS (SELECT * FROM orders) SELECT * FROM r WHERE total = $1", {"equal orders.total"}},
        Case{"UPDATE orders SET total = $1 WHERE id = $2", {"other", "equal orders.id"}},
        Case{"DELETE FROM orders USING customers c WHERE c.email = $1", {"equal customers.email"}},
        Case{"SELECT date_trunc($1, created_at) FROM orders", {"argument date_trunc:0"}},
        Case{"SELECT $1 + $2", {"other", "other"}},
        Case{"SELECT id FROM orders WHERE id = $1 UNION SELECT id FROM customers WHERE email = $2",
             {"equal orders.id", "equal customers.email"}}));

TEST(ParameterUses, CountsRowsOnlyWhereTheConditionAloneDecidesThem) {
  EXPECT_TRUE(uses_of("SELECT id FROM orders WHERE total > $1").counted_table);
  EXPECT_TRUE(uses_of("DELETE FROM orders WHERE total > $1").counted_table);
  EXPECT_FALSE(uses_of("SELECT count(*) FROM orders WHERE total > $1").counted_table);
  EXPECT_FALSE(uses_of("SELECT max(id) FROM orders WHERE total > $1").counted_table);
  EXPECT_FALSE(uses_of("SELECT id FROM orders WHERE total > $1 LIMIT $2").counted_table);
  EXPECT_FALSE(uses_of("SELECT DISTINCT id FROM orders WHERE total > $1").counted_table);
  EXPECT_FALSE(uses_of("SELECT o.id FROM orders o, customers c WHERE total > $1").counted_table);
  EXPECT_FALSE(uses_of("INSERT INTO orders SELECT * FROM orders WHERE total > $1").counted_table);
}

TEST(ParameterUses, WholeNumbersAreTheGuessForWhatNoColumnTells) {
  const std::string sql = "SELECT $1 + $10, 'é' FROM orders WHERE created_at > current_date - $2 AND id = $3";
  EXPECT_EQ(with_integer_parameters(sql, uses_of(sql)),
            "SELECT $1::integer + $10::integer, 'é' FROM orders WHERE created_at > current_date - "
            "$2::integer AND id = $3");
  EXPECT_EQ(with_integer_parameters("SELECT 1", uses_of("SELECT 1")), "SELECT 1");
}

}  // namespace
}  // namespace planwise::pg
