// Proposals that no planner can try: inverted indexes (GIN), which HypoPG does not know. They are judged by
// our own count of what they hold and by the planner's formulas for reading them, against the plan that the
// planner chooses once the proposals it could try stand.
#pragma once

#include <functional>
#include <map>

#include "analyzer/advise/proposals.h"
#include "analyzer/sql/shape.h"

namespace planwise {

// Appends proposals with verified = false and basis "cost-model" to `out`, best first, behind those that
// stand there. Only for conditions that a scan of a plan checks row by row, where the index would find the
// rows at half the scan's cost or less, and net of writes, the floor and the price of storage as for any
// other index; within what is left of the budget and of the number of indexes. `may_have` says of a table
// whether it gets indexes at all. Plans are those under the proposals of `out`; the snapshot's where the
// planner cannot be asked any more.
void propose_unverified(const ProposalContext& context, const std::map<StatementId, StatementShape>& shapes,
                        const std::function<bool(const Table&)>& may_have, Advice& out);

}  // namespace planwise
