// The corrective half of the search: drop, simplify, merge, swap and add, table by table, until no move
// gains.
//
// Simplifying and merging are the relaxations of Bruno and Chaudhuri, "Automatic Physical Database Tuning: A
// Relaxation-based Approach" (SIGMOD 2005).
#pragma once

#include "analyzer/advise/search_extend.h"

namespace planwise {

// Improves a set that fits the space. `others` are candidates that may be added or swapped in. Every move
// applied raises the objective by more than SearchSpace::least_gain, so the answer is never worse than
// `start`. New forms made on the way are added to the pool.
CandidateSet refine(SearchSpace& space, CandidateSet start, const CandidateSet& others);

// Gives up indexes and parts of indexes, least loss per byte first, until the set fits.
CandidateSet relax_to_fit(SearchSpace& space, CandidateSet start);

}  // namespace planwise
