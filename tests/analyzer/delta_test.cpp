#include "analyzer/delta.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <chrono>
#include <cmath>

namespace planwise {
namespace {

using std::chrono::seconds;

TimePoint at(int second) {
  return TimePoint(seconds(second));
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

TEST(WorkloadDifference, IsWhatHappenedInBetween) {
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

TEST(WorkloadDifference, SolvesForTheSpreadOfTheNewCalls) {
  // 1, 3 before (mean 2, stddev 1); 10, 14, 18 after (mean 14). All five: mean 9.2, variance 41.36.
  const auto between =
      difference(workload(1, {statement(1, 2, 4, 1)}), workload(2, {statement(1, 5, 46, std::sqrt(41.36))}));
  ASSERT_TRUE(between);
  EXPECT_NEAR(between->statements.at(0).stats.stddev_time->count(), std::sqrt(32.0 / 3.0), 1e-9);
}

TEST(WorkloadDifference, TakesAnEvictedStatementAsItIs) {
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

TEST(WorkloadDifference, DoesNotCrossAReset) {
  const Workload before = workload(10, {statement(1, 10, 100), statement(2, 10, 100)});
  Workload other_start = workload(12, {statement(1, 20, 200)});
  other_start.window.from = at(11);
  EXPECT_FALSE(difference(before, other_start));
  EXPECT_FALSE(difference(before, workload(12, {statement(1, 3, 30), statement(2, 3, 30)})));
  Workload hidden = workload(12, {statement(1, 3, 30), statement(2, 3, 30), statement(3, 90, 9)});
  EXPECT_FALSE(difference(before, hidden)) << "most statements have fewer calls";
  EXPECT_FALSE(difference(before, before)) << "no time has passed";
}

TEST(WorkloadDifference, IsNeverNegative) {
  Workload before = workload(1, {statement(1, 10, 100)});
  Workload now = workload(2, {statement(1, 11, 90)});
  EXPECT_EQ(difference(before, now)->statements.at(0).stats.calls, 11) << "its one entry began again";
  before.statements[0].entries = now.statements[0].entries = 2;
  now.statements[0].stats.rows = 0;
  const auto between = difference(before, now);
  ASSERT_TRUE(between);
  EXPECT_EQ(between->statements[0].stats.calls, 1) << "one of two did";
  EXPECT_EQ(between->statements[0].stats.total_time, Millis(0));
  EXPECT_EQ(between->statements[0].stats.rows, 0);
}

StatementStats stats(std::int64_t calls, double total_ms, std::int64_t rows = 0) {
  StatementStats out;
  out.calls = calls;
  out.total_time = Millis(total_ms);
  out.rows = rows;
  return out;
}

CounterReading reading(int second, std::map<std::string, CounterReading::Entry> entries,
                       std::int64_t evicted = 0) {
  return {at(second), at(0), evicted, std::move(entries)};
}

TEST(CounterDifference, WhatWasCountedInBetween) {
  const auto result =
      difference(reading(10, {{"a", {{1}, {}, stats(10, 100, 5)}}}),
                 reading(20, {{"a", {{1}, {}, stats(14, 130, 6)}}, {"b", {{2}, {}, stats(3, 9)}}}));
  ASSERT_TRUE(result);
  EXPECT_EQ(result->window, (Window{at(10), at(20)}));
  EXPECT_EQ(result->evicted, 0);
  EXPECT_EQ(result->entries.at("a").totals.calls, 4);
  EXPECT_EQ(result->entries.at("a").totals.total_time, Millis(30));
  EXPECT_EQ(result->entries.at("a").totals.rows, 1);
  EXPECT_EQ(result->entries.at("b").totals.calls, 3);
}

TEST(CounterDifference, EntriesWithoutCallsAreLeftOut) {
  const auto entry = CounterReading::Entry{{1}, {}, stats(10, 100)};
  EXPECT_TRUE(difference(reading(1, {{"a", entry}}), reading(2, {{"a", entry}}))->entries.empty());
}

TEST(CounterDifference, AnEntryThatBeganAgainCountsFromThere) {
  const auto result = difference(reading(10, {{"a", {{1}, {}, stats(1000, 5000)}}}),
                                 reading(20, {{"a", {{1}, {}, stats(7, 21)}}}, 1));
  EXPECT_EQ(result->entries.at("a").totals.calls, 7);
  EXPECT_EQ(result->entries.at("a").totals.total_time, Millis(21));
}

TEST(CounterDifference, AnEntryThatCameBackWithMoreIsToldByItsBeginning) {
  const auto result = difference(reading(10, {{"a", {{1}, at(3), stats(5, 50)}}}),
                                 reading(20, {{"a", {{1}, at(15), stats(9, 60)}}}));
  EXPECT_EQ(result->entries.at("a").totals.calls, 9);
}

TEST(CounterDifference, ASumOfWhichAnEntryBeganAgainCountsForWhatItSurelyGrewBy) {
  const auto of_two = [](StatementStats totals) { return CounterReading::Entry{{1}, {}, totals, 2}; };
  // One entry of 1000 calls goes on to 1030; the other one, of 10 long calls, is evicted and comes back
  // with 5.
  const auto result = difference(reading(10, {{"a", of_two(stats(1010, 6000, 1010))}}),
                                 reading(20, {{"a", of_two(stats(1035, 1535, 1035))}}, 1));
  EXPECT_EQ(result->entries.at("a").totals.calls, 25);
  EXPECT_EQ(result->entries.at("a").totals.total_time, Millis(0));
}

TEST(CounterDifference, NothingIsSaidAcrossAReset) {
  const CounterReading before = reading(10, {});
  CounterReading after = reading(20, {});
  EXPECT_TRUE(difference(before, after));
  after.since = at(15);
  EXPECT_FALSE(difference(before, after));
  EXPECT_FALSE(difference(before, reading(10, {})));
  EXPECT_FALSE(difference(reading(20, {}), before));
}

TEST(CounterDifference, AResetThatIsNotToldIsSeenWhereNothingWasEvicted) {
  const CounterReading before = reading(10, {{"a", {{1}, {}, stats(10, 100)}}});
  const std::map<std::string, CounterReading::Entry> fewer{{"a", {{1}, {}, stats(3, 30)}}};
  EXPECT_FALSE(difference(before, reading(20, fewer, 0)));
  EXPECT_TRUE(difference(before, reading(20, fewer, 1)));
}

TEST(CounterDifference, EvictionsInBetweenAreTold) {
  EXPECT_EQ(difference(reading(10, {}, 3), reading(20, {}, 5))->evicted, 2);
  EXPECT_FALSE(difference(reading(10, {}, 3), reading(20, {}, 2))) << "counted anew";
}

StatementStats of_times(const std::vector<double>& times) {
  StatementStats out;
  double sum = 0;
  for (const double time : times) {
    sum += time;
  }
  out.calls = static_cast<std::int64_t>(times.size());
  out.total_time = Millis(sum);
  double squares = 0;
  for (const double time : times) {
    squares += std::pow(time - sum / static_cast<double>(times.size()), 2);
  }
  out.stddev_time = Millis(times.empty() ? 0 : std::sqrt(squares / static_cast<double>(times.size())));
  if (!times.empty()) {
    out.min_time = Millis(*std::ranges::min_element(times));
    out.max_time = Millis(*std::ranges::max_element(times));
  }
  return out;
}

TEST(CounterDifference, DeviationsAddAndSubtract) {
  const StatementStats first = of_times({1, 2, 3});
  const StatementStats second = of_times({10, 20});
  const StatementStats all = of_times({1, 2, 3, 10, 20});
  EXPECT_NEAR(sum(first, second).stddev_time->count(), all.stddev_time->count(), 1e-9);
  EXPECT_EQ(sum(first, second).min_time, Millis(1));
  EXPECT_EQ(sum(first, second).max_time, Millis(20));
  EXPECT_NEAR(difference(first, all).stddev_time->count(), second.stddev_time->count(), 1e-9);
  EXPECT_EQ(difference(first, all).max_time, std::nullopt);
}

// What really happened to one entry between two readings: executions, and perhaps an eviction before the last
// of them.
RC_GTEST_PROP(CounterDifference, IsNeverNegativeAndNeverMoreThanHappened, ()) {
  const auto calls = rc::gen::inRange<std::int64_t>(0, 1'000'000);
  const auto before_calls = *calls;
  const auto early = *calls;
  const auto late = *calls;
  const bool was_evicted = *rc::gen::arbitrary<bool>();
  const auto entry = [](std::int64_t count) {
    return CounterReading::Entry{{1}, {}, stats(count, 0.5 * static_cast<double>(count), 2 * count)};
  };
  const auto result = difference(
      reading(1, {{"a", entry(before_calls)}}),
      reading(2, {{"a", entry(was_evicted ? late : before_calls + early + late)}}, was_evicted ? 1 : 0));
  RC_ASSERT(result.has_value());
  const auto found = result->entries.find("a");
  const StatementStats change = found == result->entries.end() ? StatementStats{} : found->second.totals;
  RC_ASSERT(change.calls >= 0);
  RC_ASSERT(change.total_time >= Millis(0));
  RC_ASSERT(change.rows >= 0);
  RC_ASSERT(change.calls <= early + late);
  RC_ASSERT(change.total_time <= Millis(0.5 * static_cast<double>(early + late) + 1e-6));
  RC_ASSERT((was_evicted || change.calls == early + late));
}

// Counters of different kinds may move in any way at all, as a broken server might.
RC_GTEST_PROP(CounterDifference, StaysBoundedForAnyCounters, ()) {
  const auto any = [] {
    const auto count = rc::gen::inRange<std::int64_t>(0, std::int64_t{1} << 60);
    StatementStats out = stats(*count, static_cast<double>(*count), *count);
    out.blocks_hit = *count;
    out.blocks_dirtied = *count;
    out.wal = Bytes{*count};
    out.stddev_time = Millis(static_cast<double>(*count));
    return out;
  };
  const StatementStats before = any();
  const StatementStats after = any();
  const StatementStats change = difference(before, after);
  RC_ASSERT((change.calls >= 0 && change.calls <= after.calls));
  RC_ASSERT((change.total_time.count() >= 0 && change.total_time <= after.total_time));
  RC_ASSERT((*change.blocks_hit >= 0 && *change.blocks_hit <= *after.blocks_hit));
  RC_ASSERT((*change.blocks_dirtied >= 0 && *change.blocks_dirtied <= *after.blocks_dirtied));
  RC_ASSERT((change.wal->count >= 0 && change.wal->count <= after.wal->count));
  RC_ASSERT((!change.stddev_time || std::isfinite(change.stddev_time->count())));
}

}  // namespace
}  // namespace planwise
