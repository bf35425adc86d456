// Plans drawn as indented lines, two spaces a level, in the words of EXPLAIN's text form:
//
//   Limit rows=10 cost=8000
//     Sort rows=100000 sort=(created_at DESC)
//       Seq Scan on public.orders o rows=100000 cost=7000 filter=(customer_id = $1)
//
// After the node's name: `using INDEX`, `on TABLE [ALIAS]`, then attributes:
//   rows= read= cost= startup= width= workers=        estimates; rows and read are per loop
//   loops= actual= removed= removed-join= time= temp-written= disk= batches= heap-fetches=
//                                                     a run, as totals over loops; `loops` makes it one
//   filter= cond= recheck= join= join-filter= sort=(a, b) presorted=(a) group=(a, b)
//   inner outer init sub subplan="SubPlan 1" type=Left covering
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "analyzer/model/plan.h"

namespace planwise::test {

// The lines of one plan, indentation kept; the first is the root. Throws std::runtime_error on a word it does
// not know.
[[nodiscard]] PlanNode parse_plan(const std::vector<std::string>& lines);

}  // namespace planwise::test
