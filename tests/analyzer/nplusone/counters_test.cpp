#include "analyzer/nplusone/counters.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <map>
#include <numbers>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "analyzer/sql/shape_postgres.h"

namespace planwise {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

constexpr int kEndpoints = 60;

StatementId parent_id(int endpoint) {
  return {static_cast<std::uint64_t>(1000 + endpoint)};
}
StatementId child_id(int endpoint) {
  return {static_cast<std::uint64_t>(2000 + endpoint)};
}

Table keyed_table(const std::string& name) {
  Table table{.name = {"public", name}, .columns = {{.name = "id"}, {.name = "parent_id"}, {.name = "x"}}};
  Index key{.name = name + "_pkey", .constraint = ConstraintKind::kPrimaryKey};
  key.def.keys = {{.expression = "id"}};
  table.indexes.push_back(key);
  return table;
}

// One parent and one child table an endpoint, tied by a foreign key; g0 hangs on c0, for a second level.
Schema schema() {
  Schema out;
  out.search_path = {"public"};
  const auto tie = [&](const std::string& child, const std::string& parent) {
    out.foreign_keys.push_back({.name = child + "_fkey",
                                .table = {"public", child},
                                .columns = {"parent_id"},
                                .parent = {"public", parent},
                                .parent_columns = {"id"}});
  };
  for (int i = 0; i < kEndpoints; ++i) {
    const std::string number = std::to_string(i);
    out.tables.push_back(keyed_table("c" + number));
    out.tables.push_back(keyed_table("p" + number));
    tie("c" + number, "p" + number);
  }
  out.tables.push_back(keyed_table("g0"));
  tie("g0", "c0");
  std::ranges::sort(out.tables, {}, &Table::name);
  return out;
}

std::map<StatementId, StatementShape> shapes(const Schema& schema) {
  std::map<StatementId, StatementShape> out;
  const auto add = [&](StatementId id, const std::string& sql) {
    StatementShape shape = shape_postgres(sql);
    resolve(shape, schema);
    out[id] = std::move(shape);
  };
  for (int i = 0; i < kEndpoints; ++i) {
    const std::string number = std::to_string(i);
    add(parent_id(i), "SELECT * FROM p" + number + " WHERE x = $1");
    add(child_id(i), "SELECT * FROM c" + number + " WHERE parent_id = $1");
  }
  return out;
}

// A server under a daily load curve. What an endpoint's child does for its parent's rows is up to
// `child_calls`.
class Server {
 public:
  explicit Server(std::uint64_t seed) : random_(seed) {}

  double poisson(double expected) {
    return expected <= 0 ? 0 : static_cast<double>(std::poisson_distribution<int>(expected)(random_));
  }
  double uniform(double low, double high) {
    return std::uniform_real_distribution<double>(low, high)(random_);
  }

  // Rows of `calls` executions with a mean of `rows` each.
  double rows(double calls, double mean_rows) { return poisson(calls * mean_rows * uniform(0.7, 1.3)); }

 private:
  std::mt19937_64 random_;
};

enum class Kind { kTrue, kConstantPage, kOneToOne, kBatchJob, kWarmUp, kIndependent };

Kind kind_of(int endpoint) {
  if (endpoint < 6) {
    return Kind::kTrue;
  }
  return endpoint == 6   ? Kind::kConstantPage
         : endpoint == 7 ? Kind::kOneToOne
         : endpoint == 8 ? Kind::kBatchJob
         : endpoint == 9 ? Kind::kWarmUp
                         : Kind::kIndependent;
}

double child_calls(Server& server, Kind kind, double calls, double rows, double load, int interval,
                   int intervals) {
  switch (kind) {
    case Kind::kTrue: return rows;
    case Kind::kConstantPage: return calls * 10;
    case Kind::kOneToOne: return calls;
    case Kind::kBatchJob: return server.poisson(25) + (interval % 8 == 0 ? server.uniform(200, 600) : 0);
    case Kind::kWarmUp: return server.poisson(rows * (1 - 0.9 * interval / intervals));
    case Kind::kIndependent: return server.poisson(load * 150);
  }
  return 0;
}

std::vector<CounterInterval> history(std::uint64_t seed, int intervals) {
  using namespace std::chrono_literals;
  Server server(seed);
  std::vector<CounterInterval> out;
  for (int t = 0; t < intervals; ++t) {
    const double load = 1.2 + std::sin(2 * std::numbers::pi * t / intervals) + server.uniform(-0.1, 0.1);
    CounterInterval interval;
    interval.window = {TimePoint(60s * t), TimePoint(60s * (t + 1))};
    for (int i = 0; i < kEndpoints; ++i) {
      const double calls = server.poisson(20 * load * server.uniform(0.6, 1.4));
      const double rows = kind_of(i) == Kind::kConstantPage ? calls * 10 : server.rows(calls, 4 + i % 5);
      const double child =
          child_calls(server, kind_of(i), calls, rows, load * server.uniform(0.8, 1.2), t, intervals);
      interval.statements[parent_id(i)] = {.calls = std::llround(calls), .rows = std::llround(rows)};
      interval.statements[child_id(i)] = {.calls = std::llround(child), .rows = std::llround(child)};
      interval.total_calls += std::llround(calls + child);
    }
    out.push_back(std::move(interval));
  }
  return out;
}

std::set<std::pair<StatementId, StatementId>> found(const NPlusOneAnswer& answer) {
  std::set<std::pair<StatementId, StatementId>> pairs;
  for (const NPlusOnePair& pair : answer.pairs) {
    pairs.emplace(pair.parent, pair.child);
  }
  return pairs;
}

TEST(NPlusOneCounters, FindsTheTruePairsAndNoOther) {
  const Schema tables = schema();
  const auto read = shapes(tables);
  std::set<std::pair<StatementId, StatementId>> truth;
  for (int i = 0; i <= 6; ++i) {
    truth.emplace(parent_id(i), child_id(i));
  }
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const NPlusOneAnswer answer = find_n_plus_one(history(seed, 48), read, tables);
    EXPECT_EQ(found(answer), truth) << "seed " << seed;
    EXPECT_GE(answer.tested, 50) << "the decoys must have been put to the test";
  }
}

TEST(NPlusOneCounters, TellsWhatAReaderNeedsToJudge) {
  const Schema tables = schema();
  const NPlusOneAnswer answer = find_n_plus_one(history(3, 48), shapes(tables), tables);
  for (const NPlusOnePair& pair : answer.pairs) {
    EXPECT_GE(pair.intervals, 45);  // some have no call of either
    EXPECT_EQ(pair.lookup_columns, std::vector<std::string>{"parent_id"});
    EXPECT_LT(pair.p_value, 0.01);
    EXPECT_NEAR(pair.child_calls_explained, pair.child_calls, pair.child_calls * 0.15);
    if (pair.parent == parent_id(6)) {
      EXPECT_EQ(pair.tier, NPlusOneTier::kConstant);
      EXPECT_NEAR(pair.rows_per_parent_call, 10, 1e-9);
    } else {
      EXPECT_EQ(pair.tier, NPlusOneTier::kRegression);
      EXPECT_LE(pair.slope_low, 1 + 1e-9);
      EXPECT_GE(pair.slope_high, 1 - 1e-9);
      EXPECT_GT(pair.partial_correlation, 0.95);
      EXPECT_EQ(pair.foreign_key, "c" + std::to_string(pair.parent.value - 1000) + "_fkey");
    }
  }
}

TEST(NPlusOneCounters, IsRepeatable) {
  const Schema tables = schema();
  const auto read = shapes(tables);
  const NPlusOneAnswer first = find_n_plus_one(history(5, 24), read, tables);
  const NPlusOneAnswer second = find_n_plus_one(history(5, 24), read, tables);
  ASSERT_EQ(first.pairs.size(), second.pairs.size());
  for (std::size_t i = 0; i < first.pairs.size(); ++i) {
    EXPECT_EQ(first.pairs[i].p_value, second.pairs[i].p_value);
    EXPECT_EQ(first.pairs[i].child, second.pairs[i].child);
  }
}

TEST(NPlusOneCounters, LongHistoriesAreTestedByShifts) {
  const Schema tables = schema();
  EXPECT_THAT(found(find_n_plus_one(history(2, 240), shapes(tables), tables)), testing::SizeIs(7));
}

TEST(NPlusOneCounters, WithoutALinkInTheSchemaNothingIsSaid) {
  Schema tables = schema();
  const auto read = shapes(tables);
  tables.foreign_keys.clear();
  const NPlusOneAnswer answer = find_n_plus_one(history(1, 48), read, tables);
  EXPECT_EQ(answer.tested, 0);
  EXPECT_THAT(answer.pairs, IsEmpty());
}

TEST(NPlusOneCounters, SecondLevelsMakeOneChain) {
  const Schema tables = schema();
  auto read = shapes(tables);
  const StatementId grandchild{3000};
  read[grandchild] = shape_postgres("SELECT * FROM g0 WHERE parent_id = $1");
  resolve(read[grandchild], tables);
  std::vector<CounterInterval> intervals = history(4, 48);
  Server server(99);
  for (CounterInterval& interval : intervals) {
    auto& child = interval.statements[child_id(0)];
    child.rows = std::llround(server.rows(static_cast<double>(child.calls), 3));
    interval.statements[grandchild] = {.calls = child.rows, .rows = child.rows};
    interval.total_calls += child.rows;
  }
  const NPlusOneAnswer answer = find_n_plus_one(intervals, read, tables);
  ASSERT_FALSE(answer.chains.empty());
  const auto deep = std::ranges::find(answer.chains, 3U,
                                      [](const NPlusOneChain& chain) { return chain.statements.size(); });
  ASSERT_NE(deep, answer.chains.end());
  EXPECT_THAT(deep->statements, testing::ElementsAre(parent_id(0), child_id(0), grandchild));
}

TEST(NPlusOneCounters, WritesByTheParentsOwnKeyCount) {
  Schema tables = schema();
  auto read = shapes(tables);
  read[child_id(0)] = shape_postgres("UPDATE p0 SET x = $1 WHERE id = $2");
  resolve(read[child_id(0)], tables);
  const NPlusOneAnswer answer = find_n_plus_one(history(6, 48), read, tables);
  const auto pair = std::ranges::find(answer.pairs, child_id(0), &NPlusOnePair::child);
  ASSERT_NE(pair, answer.pairs.end());
  EXPECT_TRUE(pair->write);
  EXPECT_EQ(pair->link, NPlusOneLink::kPrimaryKey);
}

TEST(NPlusOneCounters, SaysWhyItCannotTell) {
  const Schema tables = schema();
  const auto read = shapes(tables);
  EXPECT_THAT(find_n_plus_one(history(1, 5), read, tables).why_not, HasSubstr("10 are needed"));
  std::vector<CounterInterval> steady(20, history(1, 12).front());
  EXPECT_THAT(find_n_plus_one(steady, read, tables).why_not, HasSubstr("not enough variation"));
}

TEST(NPlusOneCounters, ABatchedChildIsFine) {
  const Schema tables = schema();
  auto read = shapes(tables);
  for (int i = 0; i < kEndpoints; ++i) {
    read[child_id(i)] = shape_postgres("SELECT * FROM c" + std::to_string(i) + " WHERE parent_id IN ($1)");
    resolve(read[child_id(i)], tables);
  }
  EXPECT_EQ(find_n_plus_one(history(1, 48), read, tables).tested, 0);
}

}  // namespace
}  // namespace planwise
