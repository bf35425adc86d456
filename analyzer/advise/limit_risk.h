// Plans that are cheap only if LIMIT finds its rows early.
#pragma once

#include "analyzer/base/units.h"
#include "analyzer/model/plan.h"
#include "analyzer/model/schema.h"

namespace planwise {

// The plan's cost, and where it walks an index that `schema` does not have in its order, without a condition
// on it, and throws away more than three quarters of the rows below a LIMIT: the cost if the wanted rows lie
// at the end of the walk. The planner takes filter and order for independent
// (src/backend/optimizer/util/pathnode.c, adjust_limit_rows_costs); open orders, unread messages and their
// kin are not, and such a walk then reads it all. `plan` must have costs.
[[nodiscard]] PlanCost cautious_cost(const Plan& plan, const Schema& schema);

}  // namespace planwise
