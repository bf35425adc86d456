// Other forms of candidates: smaller ones, and one for two.
#pragma once

#include <vector>

#include "analyzer/advise/candidates.h"

namespace planwise {

// Smaller indexes that may do nearly as well: without the included columns, without one of the keys.
[[nodiscard]] std::vector<Candidate> simpler_forms(const Candidate& candidate);

// Indexes that may replace both; none unless they share a key: one's keys followed by what the other adds,
// shared keys first, payloads united, the predicate kept only where both have it. Index merging as in
// Chaudhuri and Narasayya, "Index Merging" (ICDE 1999), with reordering of keys.
[[nodiscard]] std::vector<Candidate> merged_forms(const Candidate& left, const Candidate& right,
                                                  int max_width);

}  // namespace planwise
