#include "analyzer/delta.h"

#include <gtest/gtest.h>

#include <chrono>
#include <cmath>

namespace planwise {
namespace {

using std::chrono::hours;

TimePoint at(int hour) {
  return TimePoint(hours(hour));
}

Statement statement(std::uint64_t id, std::int64_t calls, double total_ms, double stddev_ms = 0) {
  Statement made;
  made.id = StatementId{id};
  made.query = "SELECT 1";
  made.stats.calls = calls;
  made.stats.rows = calls * 2;
  made.stats.total_time = Millis(total_ms);
  made.stats.stddev_time = Millis(stddev_ms);
  made.stats.max_time = Millis(99);
  return made;
}

Workload workload(int to, std::vector<Statement> statements) {
  Workload made;
  made.window = Window{at(0), at(to)};
  for (const Statement& one : statements) {
    made.total_calls += one.stats.calls;
    made.total_time += one.stats.total_time;
  }
  made.statements = std::move(statements);
  return made;
}

TEST(Difference, IsWhatHappenedInBetween) {
  const auto between =
      difference(workload(10, {statement(1, 10, 100), statement(2, 5, 5)}),
                 workload(12, {statement(1, 14, 180), statement(2, 5, 5), statement(3, 1, 200)}));
  ASSERT_TRUE(between);
  EXPECT_EQ(between->window, (Window{at(10), at(12)}));
  EXPECT_EQ(between->kind, WindowKind::kInterval);
  ASSERT_EQ(between->statements.size(), 2U) << "a statement that did not run is left out";
  EXPECT_EQ(between->statements[0].id, StatementId{3}) << "most time first";
  EXPECT_EQ(between->statements[1].stats.calls, 4);
  EXPECT_EQ(between->statements[1].stats.rows, 8);
  EXPECT_EQ(between->statements[1].stats.total_time, Millis(80));
  EXPECT_EQ(between->statements[1].stats.max_time, std::nullopt) << "the extreme may be an old one";
  EXPECT_EQ(between->total_calls, 5);
  EXPECT_EQ(between->total_time, Millis(280));
}

TEST(Difference, SolvesForTheSpreadOfTheNewCalls) {
  // 1, 3 before (mean 2, stddev 1); 10, 14, 18 after (mean 14). All five: mean 9.2, variance 41.36.
  const auto between =
      difference(workload(1, {statement(1, 2, 4, 1)}), workload(2, {statement(1, 5, 46, std::sqrt(41.36))}));
  ASSERT_TRUE(between);
  EXPECT_NEAR(between->statements.at(0).stats.stddev_time->count(), std::sqrt(32.0 / 3.0), 1e-9);
}

TEST(Difference, TakesAnEvictedStatementAsItIs) {
  const auto between =
      difference(workload(1, {statement(1, 100, 100), statement(2, 1, 1), statement(3, 1, 1)}),
                 workload(2, {statement(1, 300, 300), statement(2, 5, 5), statement(3, 5, 5)}));
  ASSERT_TRUE(between);
  Workload before = workload(1, {statement(1, 100, 100), statement(2, 9, 1), statement(3, 1, 1)});
  const auto evicted =
      difference(before, workload(2, {statement(1, 300, 300), statement(2, 5, 5), statement(3, 5, 5)}));
  ASSERT_TRUE(evicted);
  EXPECT_EQ(evicted->find(StatementId{2})->stats.calls, 5);
}

TEST(Difference, DoesNotCrossAReset) {
  const Workload before = workload(10, {statement(1, 10, 100), statement(2, 10, 100)});
  Workload other_start = workload(12, {statement(1, 20, 200)});
  other_start.window.from = at(11);
  EXPECT_FALSE(difference(before, other_start));
  EXPECT_FALSE(difference(before, workload(12, {statement(1, 3, 30), statement(2, 3, 30)})));
  Workload hidden = workload(12, {statement(1, 3, 30), statement(2, 3, 30), statement(3, 90, 9)});
  EXPECT_FALSE(difference(before, hidden)) << "most statements have fewer calls";
  EXPECT_FALSE(difference(before, before)) << "no time has passed";
}

TEST(Difference, IsNeverNegative) {
  Workload before = workload(1, {statement(1, 10, 100)});
  Workload now = workload(2, {statement(1, 11, 90)});
  now.statements[0].stats.rows = 0;
  const auto between = difference(before, now);
  ASSERT_TRUE(between);
  EXPECT_EQ(between->statements[0].stats.total_time, Millis(0));
  EXPECT_EQ(between->statements[0].stats.rows, 0);
}

}  // namespace
}  // namespace planwise
