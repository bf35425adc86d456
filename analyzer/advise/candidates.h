// The indexes worth asking a planner about: made from what statements ask, varied, and kept once each.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "analyzer/advise/advice.h"
#include "analyzer/advise/candidates_patterns.h"

namespace planwise {

struct Candidate {
  IndexDef def;
  double fraction = 1;         // of the table's rows that it holds; below 1 for a partial index
  double entries_per_row = 1;  // of an inverted index many
};

// How many uses of a table pin a key: keys that many statements share lead, so that one index serves them
// all.
using KeyShares = std::map<TableName, std::map<std::string, int>>;

[[nodiscard]] KeyShares count_keys(const std::vector<std::vector<AccessPattern>>& patterns);

// Candidates for one use of one table, at most `limit`, none that exists or is led by what
// exists: equality keys (most shared, then most distinct first), then a range, the sort order, the grouping
// or an extreme; the same with join columns before and after; each also restricted to the pattern's
// conditions and with the columns it reads as INCLUDE. Nothing puts a sort order before a pinned column: an
// index that gives ORDER BY ... LIMIT its order and leaves the filter to chance looks cheap to the planner
// and is not.
[[nodiscard]] std::vector<Candidate> candidates_for(const AccessPattern& pattern, const KeyShares& shares,
                                                    Engine engine, int max_width, std::size_t limit);

// Whether an index of the table already does all that `def` would.
[[nodiscard]] bool exists(const IndexDef& def, const Table& table);

}  // namespace planwise
