// How far to trust a predicted gain: the ends between which the share of its time that a statement keeps
// should lie.
//
// Three things separate a ratio of planner costs from a ratio of times. Pages: the planner prices each as
// read from disk, so the ratio is taken again for a cached and for a cold target, or for the target's own
// reads where they were counted. Rows: estimates are off by a factor that grows with every join (Leis et al.,
// "How Good Are Query Optimizers, Really?", VLDB 2015, figure 3: the median from 1.2 without a join to some 2
// a join). And the time of starting and ending an execution, which no index lowers.
#pragma once

#include "analyzer/advise/objective.h"

namespace planwise {

// Shares of the time that the statement takes now. low <= typical <= high; 1 is "as now".
struct RemainingShare {
  double low = 1;
  double typical = 1;  // what the objective counts with
  double high = 1;
};

// `per_call`: mean time of an execution now, zero where it was not measured. Both answers must be known and
// `now` with a cost. The same plan has no uncertainty: 1, 1, 1.
[[nodiscard]] RemainingShare remaining_share(const StatementWeight& weight, const CostAnswer& now,
                                             const CostAnswer& then, Millis per_call);

}  // namespace planwise
