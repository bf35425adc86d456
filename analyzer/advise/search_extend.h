// The constructive half of the search: indexes are added, or put in the place of one they extend, while that
// pays.
//
// Source: Schlosser, Kossmann, Boissier, "Efficient Scalable Multi-Attribute Index Selection Using Recursive
// Strategies" (ICDE 2019). Beyond the paper, a step may add all indexes of one statement's best plan at once
// (a join needs both its sides), and gains are evaluated lazily: what a candidate gained in an earlier round
// bounds what it gains now, as indexes of one table take from each other far more often than they help
// (Leskovec et al., KDD 2007, CELF).
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "analyzer/advise/objective.h"

namespace planwise {

struct SearchSpace {
  Objective& objective;
  CostCache& cache;
  CandidatePool& pool;
  const Schema& schema;
  std::optional<Bytes> budget;
  int max_indexes = 0;  // 0: any number
  int max_width = 4;
  double least_gain = 0;          // a step must gain more, in the objective's unit
  std::function<void()> on_step;  // called between rounds

  // Whether the set keeps to budget and number and the planner takes all of it.
  [[nodiscard]] bool fits(const CandidateSet& set) const;
};

// What differs between two sets.
[[nodiscard]] CandidateSet changed_between(const CandidateSet& left, const CandidateSet& right);
// The set with `added` in it and without what `added` makes redundant.
[[nodiscard]] CandidateSet with_candidates(const CandidateSet& set, const CandidateSet& added,
                                           const CandidatePool& pool);

// Grows `start` by the moves given (each a set added at once) until none gains. With a budget the gain per
// byte decides, without one the gain. Deterministic. Ends early, with what it has, when the cache is
// exhausted.
CandidateSet extend(SearchSpace& space, CandidateSet start, const std::vector<CandidateSet>& moves);

}  // namespace planwise
