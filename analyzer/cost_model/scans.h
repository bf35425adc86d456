// The ways to read one table: as a whole, by an index, by bitmaps of indexes.
#pragma once

#include <span>
#include <vector>

#include "analyzer/cost_model/path.h"
#include "analyzer/cost_model/settings.h"

namespace planwise::cost_model {

// An equality of a key of the table with a value that comes from outside, as in the inner side of a nested
// loop.
struct Bound {
  std::string key;
  double share = 1;
};

struct ScanRequest {
  const Block& block;
  const Unit& unit;  // a table
  std::span<const IndexInfo> indexes;
  std::span<const Bound> bounds;
  double loops = 1;        // how often it is repeated with other values of the bounds
  double query_pages = 0;  // of all tables of the statement
};

// Without bounds: every path that may be of use, the cheapest by cost, order or first row, also shared among
// parallel workers. With bounds: the cheapest that searches an index by one of them, or nothing. Which index
// serves which conditions follows match_pathkeys_to_index() and match_clauses_to_index() in indxpath.c.
[[nodiscard]] std::vector<Path> scans(const ScanRequest& request, const CostSettings& settings);

// What an index does for the conditions of a unit.
struct IndexMatch {
  double bounded_share = 1;  // of the table's rows: entries the search walks through
  double share = 1;          // of the table's rows: those all index conditions keep
  int conditions = 0;
  int filters = 0;  // conditions left to check row by row
  double searches = 1;
  bool bounded = false;      // some condition bounds the walk
  bool uses_bounds = false;  // one of ScanRequest::bounds is among them
  bool at_most_one = false;
  bool covering = false;
  bool restricted = false;  // by the index's predicate
  std::vector<SortKey> order;
  std::string condition;
  std::string filter;
};

// nullopt where its predicate does not follow from the conditions. `clauses` may be more than the unit's:
// those of a branch of an OR.
[[nodiscard]] std::optional<IndexMatch> match_index(const IndexInfo& index, const ScanRequest& request,
                                                    std::span<const Clause> clauses);

}  // namespace planwise::cost_model
