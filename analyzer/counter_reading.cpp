#include "analyzer/counter_reading.h"

#include <algorithm>
#include <cmath>

namespace planwise {
namespace {

template <class T>
std::optional<T> plus(const std::optional<T>& a, const std::optional<T>& b) {
  return a && b ? std::optional<T>(*a + *b) : a ? a : b;
}

std::optional<Bytes> plus(const std::optional<Bytes>& a, const std::optional<Bytes>& b) {
  return a && b ? std::optional(Bytes{a->count + b->count}) : a ? a : b;
}

template <class T>
std::optional<T> minus(const std::optional<T>& after, const std::optional<T>& before) {
  return after ? std::optional<T>(std::max(T{}, *after - before.value_or(T{}))) : std::nullopt;
}

std::optional<Bytes> minus(const std::optional<Bytes>& after, const std::optional<Bytes>& before) {
  return after
             ? std::optional(Bytes{std::max<std::int64_t>(0, after->count - before.value_or(Bytes{}).count)})
             : std::nullopt;
}

double mean_ms(const StatementStats& stats) {
  return stats.calls > 0 ? stats.total_time.count() / static_cast<double>(stats.calls) : 0;
}

// Sum of the squared times; from it and the sum of times follows the deviation of any union or difference.
double square_sum(const StatementStats& stats) {
  const double mean = mean_ms(stats);
  const double deviation = stats.stddev_time.value_or(Millis{0}).count();
  return static_cast<double>(stats.calls) * (deviation * deviation + mean * mean);
}

std::optional<Millis> deviation(const StatementStats& stats, double squares) {
  if (stats.calls <= 0) {
    return std::nullopt;
  }
  const double mean = mean_ms(stats);
  const double variance = squares / static_cast<double>(stats.calls) - mean * mean;
  return std::isfinite(variance) ? std::optional(Millis(std::sqrt(std::max(0.0, variance)))) : std::nullopt;
}

bool went_down(const StatementStats& before, const StatementStats& after) {
  const auto fell = [](const auto& earlier, const auto& later) {
    return earlier && later && *later < *earlier;
  };
  return after.calls < before.calls || after.total_time < before.total_time || after.rows < before.rows ||
         fell(before.blocks_hit, after.blocks_hit) || fell(before.blocks_read, after.blocks_read) ||
         fell(before.temp_blocks_written, after.temp_blocks_written) || fell(before.wal, after.wal);
}

}  // namespace

StatementStats difference(const StatementStats& before, const StatementStats& after) {
  if (went_down(before, after)) {
    return after;
  }
  StatementStats stats;
  stats.calls = after.calls - before.calls;
  stats.total_time = after.total_time - before.total_time;
  stats.rows = after.rows - before.rows;
  stats.planning_time = minus(after.planning_time, before.planning_time);
  stats.blocks_hit = minus(after.blocks_hit, before.blocks_hit);
  stats.blocks_read = minus(after.blocks_read, before.blocks_read);
  stats.blocks_dirtied = minus(after.blocks_dirtied, before.blocks_dirtied);
  stats.temp_blocks_read = minus(after.temp_blocks_read, before.temp_blocks_read);
  stats.temp_blocks_written = minus(after.temp_blocks_written, before.temp_blocks_written);
  stats.io_time = minus(after.io_time, before.io_time);
  stats.wal = minus(after.wal, before.wal);
  stats.jit_time = minus(after.jit_time, before.jit_time);
  if (after.stddev_time && before.stddev_time) {
    stats.stddev_time = deviation(stats, square_sum(after) - square_sum(before));
  }
  return stats;
}

StatementStats sum(const StatementStats& a, const StatementStats& b) {
  StatementStats stats;
  stats.calls = a.calls + b.calls;
  stats.total_time = a.total_time + b.total_time;
  stats.rows = a.rows + b.rows;
  if (a.min_time && b.min_time) {
    stats.min_time = std::min(a.min_time, b.min_time);
  }
  if (a.max_time && b.max_time) {
    stats.max_time = std::max(a.max_time, b.max_time);
  }
  stats.planning_time = plus(a.planning_time, b.planning_time);
  stats.blocks_hit = plus(a.blocks_hit, b.blocks_hit);
  stats.blocks_read = plus(a.blocks_read, b.blocks_read);
  stats.blocks_dirtied = plus(a.blocks_dirtied, b.blocks_dirtied);
  stats.temp_blocks_read = plus(a.temp_blocks_read, b.temp_blocks_read);
  stats.temp_blocks_written = plus(a.temp_blocks_written, b.temp_blocks_written);
  stats.io_time = plus(a.io_time, b.io_time);
  stats.wal = plus(a.wal, b.wal);
  stats.jit_time = plus(a.jit_time, b.jit_time);
  if (a.stddev_time && b.stddev_time) {
    stats.stddev_time = deviation(stats, square_sum(a) + square_sum(b));
  }
  return stats;
}

std::optional<CounterDifference> difference(const CounterReading& before, const CounterReading& after) {
  if (before.taken_at >= after.taken_at || before.started_at != after.started_at ||
      before.stats_reset != after.stats_reset || after.evicted < before.evicted) {
    return std::nullopt;
  }
  CounterDifference result;
  result.window = {before.taken_at, after.taken_at};
  result.is_complete = after.evicted == before.evicted;
  for (const auto& [key, entry] : after.entries) {
    const auto earlier = before.entries.find(key);
    // Absent before, or counted anew since: all of it belongs to the window.
    const bool is_new = earlier == before.entries.end() || earlier->second.since != entry.since;
    CounterReading::Entry change = entry;
    if (!is_new) {
      change.totals = difference(earlier->second.totals, entry.totals);
    }
    if (change.totals.calls > 0) {
      result.entries.emplace(key, std::move(change));
    }
  }
  return result;
}

}  // namespace planwise
