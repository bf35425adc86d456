#include "analyzer/counter_reading.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cmath>

namespace planwise {
namespace {

using std::chrono::seconds;

TimePoint at(int second) {
  return TimePoint(seconds(second));
}

StatementStats stats(std::int64_t calls, double total_ms, std::int64_t rows = 0) {
  StatementStats out;
  out.calls = calls;
  out.total_time = Millis(total_ms);
  out.rows = rows;
  return out;
}

CounterReading reading(int second, std::map<std::string, CounterReading::Entry> entries) {
  return {at(second), at(0), at(0), 0, std::move(entries)};
}

TEST(CounterReading, WhatWasCountedInBetween) {
  const auto result =
      difference(reading(10, {{"a", {{1}, {}, stats(10, 100, 5)}}}),
                 reading(20, {{"a", {{1}, {}, stats(14, 130, 6)}}, {"b", {{2}, {}, stats(3, 9)}}}));
  ASSERT_TRUE(result);
  EXPECT_EQ(result->window, (Window{at(10), at(20)}));
  EXPECT_TRUE(result->is_complete);
  EXPECT_EQ(result->entries.at("a").totals.calls, 4);
  EXPECT_EQ(result->entries.at("a").totals.total_time, Millis(30));
  EXPECT_EQ(result->entries.at("a").totals.rows, 1);
  EXPECT_EQ(result->entries.at("b").totals.calls, 3);
}

TEST(CounterReading, EntriesWithoutCallsAreLeftOut) {
  const auto entry = CounterReading::Entry{{1}, {}, stats(10, 100)};
  EXPECT_TRUE(difference(reading(1, {{"a", entry}}), reading(2, {{"a", entry}}))->entries.empty());
}

TEST(CounterReading, AnEntryThatBeganAgainCountsFromThere) {
  const auto result = difference(reading(10, {{"a", {{1}, {}, stats(1000, 5000)}}}),
                                 reading(20, {{"a", {{1}, {}, stats(7, 21)}}}));
  EXPECT_EQ(result->entries.at("a").totals.calls, 7);
  EXPECT_EQ(result->entries.at("a").totals.total_time, Millis(21));
}

TEST(CounterReading, AnEntryThatCameBackWithMoreIsToldByItsBeginning) {
  const auto result = difference(reading(10, {{"a", {{1}, at(3), stats(5, 50)}}}),
                                 reading(20, {{"a", {{1}, at(15), stats(9, 60)}}}));
  EXPECT_EQ(result->entries.at("a").totals.calls, 9);
}

TEST(CounterReading, NothingIsSaidAcrossAResetOrARestart) {
  const CounterReading before = reading(10, {});
  CounterReading after = reading(20, {});
  EXPECT_TRUE(difference(before, after));
  after.stats_reset = at(15);
  EXPECT_FALSE(difference(before, after));
  after = reading(20, {});
  after.started_at = at(15);
  EXPECT_FALSE(difference(before, after));
  EXPECT_FALSE(difference(before, reading(10, {})));
  EXPECT_FALSE(difference(reading(20, {}), before));
}

TEST(CounterReading, EvictionsInBetweenAreTold) {
  CounterReading after = reading(20, {});
  after.evicted = 2;
  EXPECT_FALSE(difference(reading(10, {}), after)->is_complete);
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

TEST(CounterReading, DeviationsAddAndSubtract) {
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
RC_GTEST_PROP(CounterReading, IsNeverNegativeAndNeverMoreThanHappened, ()) {
  const auto calls = rc::gen::inRange<std::int64_t>(0, 1'000'000);
  const auto before_calls = *calls;
  const auto early = *calls;
  const auto late = *calls;
  const bool was_evicted = *rc::gen::arbitrary<bool>();
  const auto entry = [](std::int64_t count) {
    return CounterReading::Entry{{1}, {}, stats(count, 0.5 * static_cast<double>(count), 2 * count)};
  };
  const auto result =
      difference(reading(1, {{"a", entry(before_calls)}}),
                 reading(2, {{"a", entry(was_evicted ? late : before_calls + early + late)}}));
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
RC_GTEST_PROP(CounterReading, StaysBoundedForAnyCounters, ()) {
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
