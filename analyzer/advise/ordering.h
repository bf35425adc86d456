// In which order the chosen indexes are worth building, so that the first k are the best k.
#pragma once

#include <vector>

#include "analyzer/advise/search_extend.h"

namespace planwise {

// Groups, best first; the indexes of a group gain only together. Taken from the end: of what stands the index
// that is missed least goes last (reverse greedy). An index is missed more the fewer stand beside it, so what
// it was missed in a larger set bounds what it is in a smaller one, and few are weighed again. What gains
// nothing where it stands in the order is left out. Where the questions run out, what was not put in order is
// one group, the first.
[[nodiscard]] std::vector<CandidateSet> best_order(SearchSpace& space, const CandidateSet& chosen);

}  // namespace planwise
