// Whether the time measured of a statement belongs to the plan that it has now.
#pragma once

#include "analyzer/model/snapshot.h"

namespace planwise {

// True where the plan reads an index that the server's counters say was scanned for less than half of the
// calls: most of the calls ran before the index was built, or with values that lead to another plan, and
// their time says nothing of what a further index would give back. False where the plan, the counters or
// their window are not known, or where the index counters began later than the statement's.
[[nodiscard]] bool measured_under_another_plan(const Statement& statement, const Snapshot& snapshot);

}  // namespace planwise
