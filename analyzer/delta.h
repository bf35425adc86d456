// Differences between two readings of cumulative statement counters.
#pragma once

#include <optional>

#include "analyzer/model/statement.h"

namespace planwise {

// What happened between two captures of the same server: `now` less `before`, both counted since their
// windows' `from`.
//
// nullopt where `now` does not continue `before`: it is not later, its counters began at another time, or
// most statements have fewer calls than before (a reset that the server does not tell). A single statement
// that has fewer calls, or that is new, was evicted and came back, or is new: all its calls are later than
// the reset and are taken as they are. Statements without a call in between are left out; their order is that
// of Workload. Extremes and percentiles of a difference cannot be known: min, max, p95 and p99 are nullopt.
// The window runs from before's `to` to now's `to`.
[[nodiscard]] std::optional<Workload> difference(const Workload& before, const Workload& now);

}  // namespace planwise
