// From the set of indexes the search chose to proposals in order, with gains, losers and reasons.
#pragma once

#include <vector>

#include "analyzer/advise/advice.h"
#include "analyzer/advise/search_extend.h"
#include "analyzer/model/snapshot.h"

namespace planwise {

struct ProposalContext {
  const Snapshot& snapshot;
  WhatIf& what_if;
  SearchSpace& space;
  std::vector<const Statement*> statements;  // by the numbers of the objective
  std::vector<CandidateSet> own;             // candidates made for each statement
  bool measured = true;                      // weights are measured time
};

// Of an execution now; zero where no time was measured.
[[nodiscard]] Millis mean_time(const ProposalContext& context, const Statement& statement);

// What a value in the objective's unit is of the whole workload, 0..1.
[[nodiscard]] double share_of_load(const ProposalContext& context, double value);

// Chosen indexes that some statement's plan reads once all of them stand.
CandidateSet used_by_plans(ProposalContext& context, const CandidateSet& chosen);

// Appends the proposals to `out`, best first: each is the one that gives back most once those before it
// stand. What stays below AdviseOptions' thresholds is left out.
void propose(ProposalContext& context, const CandidateSet& chosen, Advice& out);

}  // namespace planwise
