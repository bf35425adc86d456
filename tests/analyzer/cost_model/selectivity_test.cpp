#include "analyzer/cost_model/selectivity.h"

#include <gtest/gtest.h>

#include "analyzer/cost_model/index_info.h"
#include "analyzer/cost_model/values.h"
#include "analyzer/sql/shape_postgres.h"

namespace planwise::cost_model {
namespace {

// 1,000 rows: state has three common values and ten others, born is spread over 2020, a tenth of it NULL.
Table people() {
  Table table{.name = {"public", "people"}};
  table.rows = Rows{1000};
  Column state{.name = "state", .type = "text", .base_type = "text"};
  state.stats = ColumnStats{.distinct = 13, .average_width = {5}, .common_total = 0.8};
  state.stats->common_values = {{"done", 0.5}, {"open", 0.2}, {"new", 0.1}};
  Column born{.name = "born", .type = "date", .base_type = "date"};
  born.stats = ColumnStats{.null_fraction = 0.1, .distinct = 366, .average_width = {4}};
  for (int month = 1; month <= 10; ++month) {
    born.stats->histogram.push_back((month < 10 ? "2020-0" : "2020-") + std::to_string(month) + "-01");
  }
  Column code{.name = "code", .type = "text", .base_type = "text"};
  code.stats = ColumnStats{.distinct = 1000, .average_width = {6}};
  for (int bound = 0; bound <= 100; ++bound) {
    code.stats->histogram.push_back(std::to_string(10'000 + bound * 900));
  }
  table.columns = {state, born, code};
  return table;
}

std::vector<Predicate> conditions(const std::string& where) {
  return shape_postgres("SELECT 1 FROM people WHERE " + where).blocks.at(0).predicates;
}

double share(const std::string& where) {
  const Table table = people();
  const std::vector<Predicate> predicates = conditions(where);
  std::vector<const Predicate*> all;
  for (const Predicate& predicate : predicates) {
    all.push_back(&predicate);
  }
  return selectivity_of_all(all, table);
}

TEST(Selectivity, EqualityTakesTheCommonValueOrAnEqualPartOfTheRest) {
  EXPECT_DOUBLE_EQ(share("state = 'done'"), 0.5);
  EXPECT_DOUBLE_EQ(share("state = 'rare'"), 0.02);
  EXPECT_DOUBLE_EQ(share("state = $1"), 1.0 / 13);
  EXPECT_DOUBLE_EQ(share("state <> 'done'"), 0.5);
  EXPECT_DOUBLE_EQ(share("state IN ('done', 'open')"), 0.7);
  EXPECT_DOUBLE_EQ(share("state NOT IN ('done', 'open')"), 1 - 0.7);
}

TEST(Selectivity, RangesFollowTheHistogram) {
  EXPECT_NEAR(share("born < '2020-05-16'"), 0.9 * 4.484 / 9, 0.001);
  EXPECT_NEAR(share("born >= '2020-03-01' AND born < '2020-05-01'"), 0.9 * 2 / 9, 0.001);
  EXPECT_NEAR(share("born BETWEEN date '2020-03-01' AND date '2020-03-01' + interval '2 months'"),
              0.9 * 2 / 9, 0.001);
  EXPECT_NEAR(share("born > '2030-01-01'"), 0.9 * 0.01 / 9, 0.001) << "the histogram may be stale";
  EXPECT_DOUBLE_EQ(share("born IS NULL"), 0.1);
}

TEST(Selectivity, OrdersTextByItsDigits) {
  EXPECT_NEAR(share("code LIKE '555%'"), 0.001, 0.001);
  EXPECT_NEAR(share("code >= '55000'"), 0.5, 0.01);
}

TEST(Selectivity, OfExpressionsIsThePlannersGuess) {
  EXPECT_DOUBLE_EQ(share("lower(state) = 'done'"), kDefaultEqual);
  EXPECT_DOUBLE_EQ(share("length(state) > 5"), kDefaultInequality);
}

TEST(Selectivity, OfAJoinMatchesCommonValues) {
  const Table table = people();
  const ValueStats state = value_stats(table, {.column = "state"});
  const ValueStats code = value_stats(table, {.column = "code"});
  EXPECT_DOUBLE_EQ(join_selectivity(code, code), 1.0 / 1000);
  EXPECT_NEAR(join_selectivity(state, state), 0.5 * 0.5 + 0.2 * 0.2 + 0.1 * 0.1 + 0.2 * 0.2 / 10, 1e-9);
}

TEST(Values, AreReadInTheTypesOrder) {
  EXPECT_EQ(position_of("2020-01-01 00:00:00+00", "timestamptz"), position_of("2020-01-01", "date"));
  EXPECT_EQ(position_of("2020-01-01 02:00:00+02", "timestamptz"), position_of("2020-01-01", "date"));
  EXPECT_LT(compare_values("9", "10", "int4"), 0);
  EXPECT_GT(compare_values("9", "10", "text"), 0);
  EXPECT_EQ(compare_values("MAIL      ", "MAIL", "bpchar"), 0);
  EXPECT_FALSE(position_of("infinity", "timestamptz"));
}

TEST(Values, LikeKnowsWildcardsAndEscapes) {
  EXPECT_TRUE(like_matches("%sequel%", "a sequel of", false));
  EXPECT_TRUE(like_matches("a_c", "abc", false));
  EXPECT_FALSE(like_matches("a_c", "abbc", false));
  EXPECT_TRUE(like_matches("100\\%", "100%", false));
  EXPECT_FALSE(like_matches("100\\%", "1000", false));
  EXPECT_TRUE(like_matches("AB%", "abc", true));
  EXPECT_FALSE(like_matches("AB%", "abc", false));
}

TEST(Implication, ProvesWhatAPartialIndexAsksFor) {
  const Table table = people();
  const auto follows = [&](const std::string& given, const std::string& wanted) {
    return implies(conditions(given), {}, conditions(wanted).at(0), table);
  };
  EXPECT_TRUE(follows("state = 'open'", "state = 'open'::text"));
  EXPECT_TRUE(follows("state = 'open'", "state IS NOT NULL"));
  EXPECT_TRUE(follows("state = 'open'", "state <> 'done'"));
  EXPECT_TRUE(follows("state = 'open'", "state IN ('open', 'new')"));
  EXPECT_TRUE(follows("born >= '2020-05-01'", "born > '2020-04-01'"));
  EXPECT_FALSE(follows("born >= '2020-05-01'", "born > '2020-05-01'"));
  EXPECT_FALSE(follows("born <= '2020-05-01'", "born > '2020-04-01'"));
  EXPECT_FALSE(follows("state = $1", "state = 'open'"));
  EXPECT_FALSE(follows("state IN ('open', 'done')", "state = 'open'"));
  EXPECT_FALSE(follows("state IS NULL", "state IS NOT NULL"));
}

}  // namespace
}  // namespace planwise::cost_model
