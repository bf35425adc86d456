#include "connectors/postgres/constants.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace planwise::pg {
namespace {

const ParameterType kInteger{"int8", 'N'};
const ParameterType kText{"text", 'S'};

// orders: one million rows; state is 'paid' for 90 %, 'new' for 9 %, 'lost' for 1 %; id is unique, 0 to
// 1,000,000.
Schema orders(bool indexed = false) {
  Table table;
  table.name = {"public", "orders"};
  table.rows = Rows{1e6};
  Column state{"state", "text", "text", 1};
  state.stats = ColumnStats{};
  state.stats->distinct = 3;
  state.stats->common_values = {{"paid", 0.9}, {"new", 0.09}, {"lost", 0.01}};
  state.stats->common_total = 1;
  Column id{"id", "bigint", "int8", 2};
  id.stats = ColumnStats{};
  id.stats->distinct = 1e6;
  for (int i = 0; i <= 100; ++i) {
    id.stats->histogram.push_back(std::to_string(i * 10'000));
  }
  table.columns = {state, id, {"empty", "text", "text", 3}};
  if (indexed) {
    Index index;
    index.def.table = table.name;
    index.def.keys = {{"id"}};
    table.indexes = {index};
  }
  Schema schema;
  schema.search_path = {"public"};
  schema.tables = {table};
  return schema;
}

ChosenValues chosen(const std::string& sql, const std::vector<ParameterType>& types, double rows_per_call = 0,
                    const Schema& schema = orders()) {
  const auto tree = ParseTree::parse(sql);
  EXPECT_TRUE(tree.has_value());
  return choose_values(read_parameter_uses(*tree, schema), types, schema, rows_per_call, TimePoint{});
}

TEST(Constants, EqualityTakesAValueOfAverageFrequencyAndTheMostCommonAsWorst) {
  const auto values = chosen("SELECT 1 FROM orders GROUP BY 1 HAVING bool_or(state = $1)", {kText});
  EXPECT_EQ(values.typical[0], "paid");  // a third of the rows on average: "paid" is the nearest
  EXPECT_EQ(chosen("SELECT count(*) FROM orders WHERE id = $1", {kInteger}).typical[0], "500000");
}

TEST(Constants, RowsPerCallChooseTheValue) {
  EXPECT_EQ(chosen("SELECT id FROM orders WHERE state = $1", {kText}, 10'000).typical[0], "lost");
  EXPECT_EQ(chosen("SELECT id FROM orders WHERE state = $1", {kText}, 10'000).worst[0], "paid");
  EXPECT_EQ(chosen("SELECT id FROM orders WHERE state = $1", {kText}, 90'000).typical[0], "new");
  EXPECT_EQ(chosen("SELECT id FROM orders WHERE id > $1", {kInteger}, 250'000).typical[0], "750000");
}

TEST(Constants, ValuesOfOneListDiffer) {
  const auto values = chosen("SELECT 1 FROM orders WHERE id IN ($1, $2, $3)", {kInteger, kInteger, kInteger});
  EXPECT_EQ(values.typical, (ParameterValues{"500000", "510000", "490000"}));
}

TEST(Constants, RangesComeFromTheHistogramWithTheWidestAsWorst) {
  const auto one = chosen("SELECT count(*) FROM orders WHERE id > $1", {kInteger});
  EXPECT_EQ(one.typical[0], "900000");
  EXPECT_EQ(one.worst[0], "20000");
  const auto two = chosen("SELECT count(*) FROM orders WHERE id >= $1 AND id < $2", {kInteger, kInteger});
  EXPECT_EQ(two.typical, (ParameterValues{"850000", "900000"}));
}

TEST(Constants, AnIndexedColumnsEndsAreNotAskedFor) {
  EXPECT_EQ(chosen("SELECT id FROM orders WHERE id > $1", {kInteger}, 10).typical[0], "1000000");
  const auto values = chosen("SELECT id FROM orders WHERE id > $1", {kInteger}, 10, orders(true));
  EXPECT_EQ(values.typical[0], "970000");
}

TEST(Constants, TheEndsOfAHistogramAreThoseItsBinarySearchCompares) {
  EXPECT_TRUE(probes_histogram_end(0, 101));
  EXPECT_TRUE(probes_histogram_end(100, 101));
  EXPECT_TRUE(probes_histogram_end(99, 101));
  EXPECT_FALSE(probes_histogram_end(50, 101));
  EXPECT_TRUE(probes_histogram_end(1, 2));
}

TEST(Constants, LimitIsTheRowsPerCallOfTheTopLevelOnly) {
  const auto values = chosen("SELECT id FROM orders LIMIT $1 OFFSET $2", {kInteger, kInteger}, 24.5);
  EXPECT_EQ(values.typical, (ParameterValues{"25", "50"}));
  EXPECT_EQ(chosen("SELECT (SELECT id FROM orders LIMIT $1)", {kInteger}, 5).typical[0], "100");
}

TEST(Constants, LikeTakesAPrefixAndTheInfixAsWorst) {
  const auto values = chosen("SELECT id FROM orders WHERE state LIKE $1", {kText}, 10'000);
  EXPECT_EQ(values.typical[0], "pai%");
  EXPECT_EQ(values.worst[0], "%pai%");
}

TEST(Constants, AnArrayHoldsSeveralValues) {
  const auto values =
      chosen("SELECT count(*) FROM orders WHERE id = ANY ($1)", {{"_int8", 'A', "int8", 'N'}});
  ASSERT_TRUE(values.typical[0]);
  EXPECT_TRUE(values.typical[0]->starts_with(R"({"500000","510000")"));
}

TEST(Constants, AValueThatIsNoneOfTheTypeIsNotUsed) {
  EXPECT_EQ(chosen("SELECT 1 FROM orders WHERE state = $1", {kInteger}).typical[0], "1");
  EXPECT_EQ(chosen("SELECT 1 FROM orders WHERE length(state) = $1", {kInteger}).typical[0], "1");
}

TEST(Constants, SaysWhereNothingIsKnown) {
  EXPECT_FALSE(chosen("SELECT 1 FROM orders WHERE empty = $1", {kText}).from_statistics);
  EXPECT_TRUE(chosen("SELECT 1 FROM orders WHERE state = $1", {kText}).from_statistics);
  EXPECT_FALSE(chosen("SELECT $1", {{"strange", 'U'}}).is_complete);
}

TEST(Constants, SystemFunctionsGetWordsTheyKnow) {
  EXPECT_EQ(chosen("SELECT date_trunc($1, now())", {kText}).typical[0], "day");
  EXPECT_EQ(chosen("SELECT timezone($1, now())", {kText}).typical[0], "UTC");
  EXPECT_EQ(chosen("SELECT * FROM generate_series($1, $2)", {kInteger, kInteger}).typical,
            (ParameterValues{"1", "100"}));
}

}  // namespace
}  // namespace planwise::pg
