#include "analyzer/delta.h"

#include <algorithm>
#include <cmath>

namespace planwise {
namespace {

// Of the counters that not every engine, version or setting has.
template <class F>
void for_each_counter(const F& f) {
  f(&StatementStats::planning_time);
  f(&StatementStats::blocks_hit);
  f(&StatementStats::blocks_read);
  f(&StatementStats::blocks_dirtied);
  f(&StatementStats::temp_blocks_read);
  f(&StatementStats::temp_blocks_written);
  f(&StatementStats::io_time);
  f(&StatementStats::wal);
  f(&StatementStats::jit_time);
  f(&StatementStats::rows_examined);
  f(&StatementStats::full_scans);
  f(&StatementStats::full_joins);
  f(&StatementStats::no_index_used);
  f(&StatementStats::temp_tables);
  f(&StatementStats::temp_disk_tables);
  f(&StatementStats::sort_merge_passes);
  f(&StatementStats::sorted_rows);
  f(&StatementStats::errors);
  f(&StatementStats::lock_time);
}

Bytes operator+(Bytes a, Bytes b) {
  return Bytes{a.count + b.count};
}

Bytes operator-(Bytes a, Bytes b) {
  return Bytes{a.count - b.count};
}

template <class T>
T grown_by(T before, T after) {
  return std::max(T{}, after - before);
}

// Sums of squared distances from the mean add up as M = M1 + M2 + d^2 * n1 * n2 / n with d the distance of
// the means. Source: Chan, Golub, LeVeque 1979, "Updating formulae and a pairwise algorithm for computing
// sample variances", (2.1b).
double squares(const StatementStats& stats) {
  const double deviation = stats.stddev_time.value_or(Millis{0}).count();
  return static_cast<double>(stats.calls) * deviation * deviation;
}

double squares_between(const StatementStats& a, const StatementStats& b) {
  if (a.calls <= 0 || b.calls <= 0) {
    return 0;
  }
  const auto n_a = static_cast<double>(a.calls);
  const auto n_b = static_cast<double>(b.calls);
  const double distance = a.total_time.count() / n_a - b.total_time.count() / n_b;
  return distance * distance * n_a * n_b / (n_a + n_b);
}

std::optional<Millis> deviation(double squares, std::int64_t calls) {
  const double variance = squares / static_cast<double>(calls);
  return std::isfinite(variance) ? std::optional(Millis(std::sqrt(std::max(0.0, variance)))) : std::nullopt;
}

bool went_down(const StatementStats& before, const StatementStats& after) {
  bool fell = after.calls < before.calls || after.total_time < before.total_time || after.rows < before.rows;
  for_each_counter([&](auto counter) {
    fell = fell || (before.*counter && after.*counter && *(after.*counter) < *(before.*counter));
  });
  return fell;
}

StatementStats growth(const StatementStats& before, const StatementStats& after) {
  StatementStats stats;
  stats.calls = grown_by(before.calls, after.calls);
  stats.total_time = grown_by(before.total_time, after.total_time);
  stats.rows = grown_by(before.rows, after.rows);
  for_each_counter([&](auto counter) {
    if (before.*counter && after.*counter) {
      stats.*counter = grown_by(*(before.*counter), *(after.*counter));
    }
  });
  return stats;
}

// Servers tell no reset of single statements, users or databases, and before PostgreSQL 14 none at all. An
// eviction makes calls fewer, too, but not those of most entries.
bool shows_reset(const CounterReading& before, const CounterReading& after) {
  std::size_t known = 0;
  std::size_t fewer = 0;
  for (const auto& [key, entry] : after.entries) {
    if (const auto earlier = before.entries.find(key); earlier != before.entries.end()) {
      ++known;
      fewer += entry.totals.calls < earlier->second.totals.calls ? 1 : 0;
    }
  }
  return 2 * fewer > known;
}

CounterReading reading_of(const Workload& workload) {
  CounterReading reading{workload.window.to, workload.window.from, std::nullopt, {}};
  for (const Statement& statement : workload.statements) {
    reading.entries[to_string(statement.id)] = {statement.id, {}, statement.stats, statement.entries};
  }
  return reading;
}

}  // namespace

StatementStats difference(const StatementStats& before, const StatementStats& after) {
  if (went_down(before, after)) {
    return after;
  }
  StatementStats stats = growth(before, after);
  if (stats.calls > 0 && after.stddev_time && before.stddev_time) {
    stats.stddev_time =
        deviation(squares(after) - squares(before) - squares_between(before, stats), stats.calls);
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
  for_each_counter([&](auto counter) {
    stats.*counter = a.*counter && b.*counter ? std::optional(*(a.*counter) + *(b.*counter))
                     : a.*counter             ? a.*counter
                                              : b.*counter;
  });
  if (stats.calls > 0 && a.stddev_time && b.stddev_time) {
    stats.stddev_time = deviation(squares(a) + squares(b) + squares_between(a, b), stats.calls);
  }
  return stats;
}

std::optional<CounterDifference> difference(const CounterReading& before, const CounterReading& after) {
  if (before.taken_at >= after.taken_at || before.since != after.since || after.evicted < before.evicted ||
      (after.evicted == before.evicted && shows_reset(before, after))) {
    return std::nullopt;
  }
  CounterDifference result;
  result.window = {before.taken_at, after.taken_at};
  if (before.evicted && after.evicted) {
    result.evicted = *after.evicted - *before.evicted;
  }
  for (const auto& [key, entry] : after.entries) {
    const auto earlier = before.entries.find(key);
    CounterReading::Entry change = entry;
    if (earlier != before.entries.end() && earlier->second.since == entry.since) {
      const auto& [statement, since, totals, entries] = earlier->second;
      change.totals = std::max(entries, entry.entries) > 1 && went_down(totals, entry.totals)
                          ? growth(totals, entry.totals)
                          : difference(totals, entry.totals);
    }
    if (change.totals.calls > 0) {
      result.entries.emplace(key, change);
    }
  }
  return result;
}

std::optional<Workload> difference(const Workload& before, const Workload& after) {
  const auto changed = difference(reading_of(before), reading_of(after));
  if (!changed || after.total_calls < before.total_calls) {
    return std::nullopt;
  }
  Workload between;
  between.window = changed->window;
  between.kind = WindowKind::kInterval;
  for (const Statement& statement : after.statements) {
    if (const auto found = changed->entries.find(to_string(statement.id)); found != changed->entries.end()) {
      between.statements.push_back(statement);
      between.statements.back().stats = found->second.totals;
      between.total_time += found->second.totals.total_time;
      between.total_calls += found->second.totals.calls;
    }
  }
  // The listed ones alone can come to more where entries were evicted from the totals.
  between.total_time = std::max(between.total_time, after.total_time - before.total_time);
  between.total_calls = std::max(between.total_calls, after.total_calls - before.total_calls);
  std::ranges::sort(between.statements, [](const Statement& a, const Statement& b) {
    return a.stats.total_time != b.stats.total_time ? a.stats.total_time > b.stats.total_time : a.id < b.id;
  });
  between.total_statements = static_cast<std::int64_t>(between.statements.size());
  return between;
}

}  // namespace planwise
