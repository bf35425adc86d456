// The search for the set of indexes: from every statement's best downwards, and upwards from nothing where a
// budget makes the two differ.
#pragma once

#include <functional>
#include <vector>

#include "analyzer/advise/search_extend.h"

namespace planwise {

// By statement: `own` are the candidates made for it, `best` what its plan reads of them where all stand;
// `runners_up` are what plans read once those are gone. `price_by(set)` sets the objective's prices by the
// load that remains once the set stands. The answer fits the space. Ends early, with what it has, when the
// cache is exhausted. Deterministic.
[[nodiscard]] CandidateSet search_indexes(SearchSpace& space, const std::vector<CandidateSet>& own,
                                          const std::vector<CandidateSet>& best,
                                          const CandidateSet& runners_up,
                                          const std::function<void(const CandidateSet&)>& price_by);

}  // namespace planwise
