#include "analyzer/delta.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace planwise {
namespace {

template <class T>
T not_negative(T value) {
  return std::max(value, T{});
}

Bytes operator-(Bytes a, Bytes b) {
  return Bytes{a.count - b.count};
}

template <class T>
std::optional<T> less(const std::optional<T>& now, const std::optional<T>& before) {
  return now && before ? std::optional(not_negative<T>(*now - *before)) : std::nullopt;
}

double square(double value) {
  return value * value;
}

// The spread of the calls between two readings. Sums of squared distances add up as M = M1 + M2 + d^2 * n1 *
// n2 / n with d the distance of the means; solved here for M2. Source: Chan, Golub, LeVeque 1979, "Updating
// formulae and a pairwise algorithm for computing sample variances", (2.1b).
std::optional<Millis> spread(const StatementStats& now, const StatementStats& before, std::int64_t calls,
                             Millis time) {
  if (!now.stddev_time || !before.stddev_time || before.calls <= 0 || calls <= 0) {
    return std::nullopt;
  }
  const auto n_now = static_cast<double>(now.calls);
  const auto n_before = static_cast<double>(before.calls);
  const auto n_between = static_cast<double>(calls);
  const double distance = time.count() / n_between - before.total_time.count() / n_before;
  const double squares = n_now * square(now.stddev_time->count()) -
                         n_before * square(before.stddev_time->count()) -
                         square(distance) * n_before * n_between / n_now;
  return Millis(std::sqrt(not_negative(squares) / n_between));
}

StatementStats difference(const StatementStats& before, const StatementStats& now) {
  StatementStats stats;
  stats.calls = now.calls - before.calls;
  stats.total_time = not_negative(now.total_time - before.total_time);
  stats.stddev_time = spread(now, before, stats.calls, stats.total_time);
  stats.planning_time = less(now.planning_time, before.planning_time);
  stats.rows = not_negative(now.rows - before.rows);
  stats.blocks_hit = less(now.blocks_hit, before.blocks_hit);
  stats.blocks_read = less(now.blocks_read, before.blocks_read);
  stats.blocks_dirtied = less(now.blocks_dirtied, before.blocks_dirtied);
  stats.temp_blocks_read = less(now.temp_blocks_read, before.temp_blocks_read);
  stats.temp_blocks_written = less(now.temp_blocks_written, before.temp_blocks_written);
  stats.io_time = less(now.io_time, before.io_time);
  stats.wal = less(now.wal, before.wal);
  stats.jit_time = less(now.jit_time, before.jit_time);
  return stats;
}

}  // namespace

std::optional<Workload> difference(const Workload& before, const Workload& now) {
  if (now.window.from != before.window.from || now.window.to <= before.window.to ||
      now.total_calls < before.total_calls) {
    return std::nullopt;
  }
  std::map<StatementId, const StatementStats*> earlier;
  for (const Statement& statement : before.statements) {
    earlier.emplace(statement.id, &statement.stats);
  }
  Workload between;
  between.window = Window{before.window.to, now.window.to};
  between.kind = WindowKind::kInterval;
  std::size_t known = 0;
  std::size_t fewer = 0;
  for (const Statement& statement : now.statements) {
    const auto found = earlier.find(statement.id);
    Statement changed = statement;
    if (found != earlier.end()) {
      ++known;
      if (statement.stats.calls >= found->second->calls) {
        changed.stats = difference(*found->second, statement.stats);
      } else {
        ++fewer;
      }
    }
    if (changed.stats.calls > 0) {
      between.statements.push_back(std::move(changed));
    }
  }
  if (2 * fewer > known) {
    return std::nullopt;
  }
  std::sort(between.statements.begin(), between.statements.end(), [](const Statement& a, const Statement& b) {
    return a.stats.total_time != b.stats.total_time ? a.stats.total_time > b.stats.total_time : a.id < b.id;
  });
  between.total_calls = now.total_calls - before.total_calls;
  between.total_time = not_negative(now.total_time - before.total_time);
  // The listed ones alone can come to more where entries were evicted from the totals.
  Millis listed_time{0};
  std::int64_t listed_calls = 0;
  for (const Statement& statement : between.statements) {
    listed_time += statement.stats.total_time;
    listed_calls += statement.stats.calls;
  }
  between.total_time = std::max(between.total_time, listed_time);
  between.total_calls = std::max(between.total_calls, listed_calls);
  between.total_statements = static_cast<std::int64_t>(between.statements.size());
  return between;
}

}  // namespace planwise
