// What happened between two readings of cumulative counters.
//
// Counters can begin again: somebody resets the statistics, the server restarts, an entry is evicted and
// comes back. A difference never mixes what was counted before and after such a point, and never is negative.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "analyzer/base/units.h"
#include "analyzer/model/statement.h"

namespace planwise {

// Everything one source had counted at one time.
struct CounterReading {
  struct Entry {
    StatementId statement;           // zero where the text was not read
    std::optional<TimePoint> since;  // when counting of this entry began; PostgreSQL 17+
    StatementStats totals;
    std::int64_t entries = 1;  // of the engine's own, whose sum this is
  };

  TimePoint taken_at;                    // by the target's clock
  std::optional<TimePoint> since;        // the last reset; the server's start where it does not tell resets
  std::optional<std::int64_t> evicted;   // evictions so far (pg_stat_statements_info.dealloc); PostgreSQL 14+
  std::map<std::string, Entry> entries;  // by a key that stays
};

struct CounterDifference {
  Window window;
  std::optional<std::int64_t> evicted;  // in between: there was more; nullopt where it is not told
  std::map<std::string, CounterReading::Entry> entries;  // those with calls in the window
};

// nullopt where `after` does not continue `before`: it is not later, its counters began at another time, or
// most entries have fewer calls though no eviction is told: a reset that the server does not tell. A restart
// that kept the counters does no harm.
//
// An entry that is new, has another `since`, or has a counter that went down, began in between: all it
// counted belongs to the window. A sum of several entries of which one began again counts for what it surely
// grew by. Source: https://www.postgresql.org/docs/current/pgstatstatements.html
[[nodiscard]] std::optional<CounterDifference> difference(const CounterReading& before,
                                                          const CounterReading& after);

// The same of two workloads of one server, both since its counters began; nullopt also where all calls
// together became fewer. The statements are `after`'s, without those that were not called in between. Totals
// are of what is not listed, too.
[[nodiscard]] std::optional<Workload> difference(const Workload& before, const Workload& after);

// `after` less `before`, of one entry; `after` where a counter went down. What only one of them counts is
// nullopt, and so are extremes and percentiles, which a difference cannot know.
[[nodiscard]] StatementStats difference(const StatementStats& before, const StatementStats& after);

// Both together: sums, extremes, and the standard deviation of the union.
[[nodiscard]] StatementStats sum(const StatementStats& a, const StatementStats& b);

}  // namespace planwise
