// Accounts for every statement: what it costs now and with the proposals, what was tried, why it has none.
#pragma once

#include "analyzer/advise/proposals.h"

namespace planwise {

// Fills Advice::choices and not_helped. `out` has its proposals, which are among `chosen`.
void explain_choices(const ProposalContext& context, const CandidateSet& chosen, Advice& out);

}  // namespace planwise
