// Cumulative counters entry by entry, and what happened between two readings of them.
//
// Counters can begin again: somebody resets the statistics, the server crashes, an entry is evicted and comes
// back. A difference never mixes what was counted before and after such a point, and never is negative.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "analyzer/base/units.h"
#include "analyzer/model/statement.h"

namespace planwise {

// Everything one source had counted at one time, by the engine's own entries, of which several can be one
// statement.
struct CounterReading {
  struct Entry {
    StatementId statement;           // zero where the text was not read
    std::optional<TimePoint> since;  // when counting of this entry began; PostgreSQL 17+
    StatementStats totals;
  };

  TimePoint taken_at;                    // by the target's clock
  std::optional<TimePoint> started_at;   // of the server
  std::optional<TimePoint> stats_reset;  // of all entries
  std::int64_t evicted = 0;              // evictions so far (pg_stat_statements_info.dealloc)
  std::map<std::string, Entry> entries;  // by the engine's key of the entry
};

struct CounterDifference {
  Window window;
  bool is_complete = true;  // false: entries were evicted in between, there was more
  std::map<std::string, CounterReading::Entry> entries;  // those with calls in the window
};

// nullopt where no such difference exists: no time between, a reset, or a restart (after
// which counters may or may not have been kept).
[[nodiscard]] std::optional<CounterDifference> difference(const CounterReading& before,
                                                          const CounterReading& after);

// `after` less `before`, of one entry. A counter that went down means that the entry began again in between:
// then all it counted since belongs to the window. Minimum and maximum are known only in that case.
[[nodiscard]] StatementStats difference(const StatementStats& before, const StatementStats& after);

// Both together: sums, extremes, and the standard deviation of the union.
[[nodiscard]] StatementStats sum(const StatementStats& a, const StatementStats& b);

}  // namespace planwise
