// What a plan would take if it had to do without indexes that it reads: each place where it reads a table is
// costed apart, all else stays as it is. Such a plan is one the planner could choose, so the estimate is an
// upper bound as far as the places are costed rightly.
//
// Source: Papadomanolakis, Dash, Ailamaki, "Efficient Use of the Query Optimizer for Automated Physical
// Design" (VLDB 2007, INUM).
#pragma once

#include <optional>

#include "analyzer/advise/candidates.h"
#include "analyzer/advise/plan_work.h"

namespace planwise {

// The same rows by a full scan of the table (a hash join where an index was looked into for every outer row),
// sorted where the index gave the order. nullopt for a correlated sub-plan.
[[nodiscard]] std::optional<PlanWork> by_full_scan(const IndexRead& read, const Table& table);

// The same rows by the index `to` in place of `from`, which the read names; nullopt where `to` cannot look up
// any of it or lacks the order. Wider where `to` knows fewer of the conditions, with visits to the heap where
// `from` alone had all columns.
[[nodiscard]] std::optional<PlanWork> by_index(const IndexRead& read, const Candidate& from,
                                               const Candidate& to, const Table& table);

}  // namespace planwise
