// Plans that are cheap only if LIMIT finds its rows early.
#pragma once

#include "analyzer/base/units.h"
#include "analyzer/model/plan.h"
#include "analyzer/model/schema.h"

namespace planwise {

// Whether the LIMIT is fed row by row by a walk of an index that `schema` does not have, in its order, which
// throws away more than three quarters of what it reads. The planner takes filter and order for independent
// (src/backend/optimizer/util/pathnode.c, adjust_limit_rows_costs); open orders, unread messages and their
// kin are not, and such a walk then reads it all.
[[nodiscard]] bool waits_for_rare_rows(const PlanNode& limit, const Schema& schema);

// The plan's cost if the rows that such LIMITs want lie at the end of the walk. `plan` must have costs.
[[nodiscard]] PlanCost cautious_cost(const Plan& plan, const Schema& schema);

}  // namespace planwise
