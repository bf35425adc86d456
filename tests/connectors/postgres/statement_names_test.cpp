#include "connectors/postgres/statement_names.h"

#include <gmock/gmock.h>

#include <string>

namespace planwise::pg {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsSupersetOf;

Result<StatementNames> names_of(const std::string& sql) {
  PLANWISE_TRY(const ParseTree tree, ParseTree::parse(sql));
  return read_names(tree);
}

TEST(StatementNames, FindsFunctionsOperatorsTypesAndRelationsAtEveryDepth) {
  const auto names = names_of(
      "WITH c AS (DELETE FROM s.a WHERE x OPERATOR(m.===) 1 RETURNING f(x)) "
      "SELECT (r).g, y::m.kind FROM c JOIN v USING (k) WHERE z BETWEEN 1 AND 2 AND n LIKE 'a%' "
      "AND q IN (SELECT h(1) FROM w) ORDER BY x USING <<<");
  ASSERT_TRUE(names.has_value());
  EXPECT_THAT(names->relations, IsSupersetOf({WrittenName{"s", "a"}, {"", "v"}, {"", "w"}}));
  EXPECT_THAT(names->functions, IsSupersetOf({WrittenName{"", "f"}, {"", "h"}}));
  EXPECT_THAT(names->operators,
              IsSupersetOf({WrittenName{"m", "==="}, {"", "="}, {"", ">="}, {"", "~~"}, {"", "<<<"}}));
  EXPECT_THAT(names->types, Contains(WrittenName{"m", "kind"}));
  EXPECT_THAT(names->fields, Contains("g"));
}

struct Refused {
  std::string sql;
  std::string why;
};

class StatementNamesRefuse : public testing::TestWithParam<Refused> {};

TEST_P(StatementNamesRefuse, WithTheReason) {
  const auto names = names_of(GetParam().sql);
  ASSERT_FALSE(names.has_value());
  EXPECT_THAT(names.error().message, HasSubstr(GetParam().why));
}

INSTANTIATE_TEST_SUITE_P(
    Texts, StatementNamesRefuse,
    testing::Values(Refused{"SELECT 1; DROP TABLE t", "exactly one statement"},
                    Refused{"", "exactly one statement"}, Refused{"ANALYZE DELETE FROM t", "grammar"},
                    Refused{"COPY t TO PROGRAM 'id'", "no SELECT"},
                    Refused{"CREATE TABLE t AS SELECT 1", "no SELECT"}, Refused{"EXECUTE p", "no SELECT"},
                    Refused{"EXPLAIN ANALYZE DELETE FROM t", "no SELECT"},
                    Refused{"SELECT 1 INTO t", "creates a table"},
                    Refused{"DECLARE c CURSOR FOR SELECT 1", "no SELECT"},
                    Refused{"UPDATE t SET a = 1 WHERE CURRENT OF c", "cursor"},
                    Refused{"SELECT repeat(repeat('x', 1000), 900000)", "long values"},
                    Refused{"SELECT lpad(rpad('x', 100), 100)", "long values"},
                    Refused{"SELECT table_to_xml('evil', true, true, '')", "another query"},
                    Refused{std::string("SELECT 1\0", 9), "NUL"},
                    Refused{"SELECT '" + std::string(70'000, 'x') + "'", "64 kB"}));

TEST(StatementNames, RefusesWhatIsTooLargeToPlan) {
  std::string joins = "SELECT 1 FROM t";
  for (int i = 0; i < 100; ++i) {
    joins += ", t t" + std::to_string(i);
  }
  EXPECT_THAT(names_of(joins).error().message, HasSubstr("100 relations"));
  std::string sum = "SELECT 1";
  for (int i = 0; i < 6'000; ++i) {
    sum += "+1";
  }
  EXPECT_THAT(names_of(sum).error().message, HasSubstr("5,000 operators"));
  std::string nested = "1";
  for (int i = 0; i < 2'000; ++i) {
    nested = "abs(" + nested + ")";
  }
  EXPECT_THAT(names_of("SELECT " + nested).error().message, HasSubstr("too deeply"));
}

TEST(StatementNames, LongListsAndTwoPaddedColumnsAreNoDanger) {
  std::string list = "SELECT 1 FROM t WHERE a IN (1";
  for (int i = 0; i < 9'000; ++i) {
    list += ", 12";
  }
  EXPECT_TRUE(names_of(list + ")").has_value());
  EXPECT_TRUE(names_of("SELECT lpad(a, 2, '0') || ':' || lpad(b, 2, '0') FROM t").has_value());
}

TEST(StatementNames, AUtilityStatementIsToldFromARefusedOne) {
  EXPECT_EQ(names_of("VACUUM t").error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(names_of("SELECT 1 INTO t").error().code, ErrorCode::kUnsupported);
}

}  // namespace
}  // namespace planwise::pg
