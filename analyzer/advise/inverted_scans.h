// Where a plan checks, row by row, what an inverted index could find.
#pragma once

#include <vector>

#include "analyzer/advise/inverted_searches.h"
#include "analyzer/model/plan.h"
#include "analyzer/model/snapshot.h"

namespace planwise {

struct InvertedScan {
  const PlanNode* node = nullptr;
  const Table* table = nullptr;               // as read: a partition where it is one
  std::vector<InvertedCondition> conditions;  // any of them
  double cost = 0;                            // of all its runs, as far as a LIMIT above lets it run
  double runs = 1;                            // in one execution of the statement
  double matches = 0;                         // rows that the search finds in one run
};

// The scans of `plan` that filter by the search. Rows that match are the planner's own estimate of the
// scan's, or what the statement really returned where it returns the scan's rows as they are; a scan with
// further conditions is taken to find at least as many as the planner assumes without statistics. The nodes
// are those of `plan`.
[[nodiscard]] std::vector<InvertedScan> inverted_scans(const InvertedSearch& search,
                                                       const StatementShape& shape, const Plan& plan,
                                                       const Schema& schema, const Statement& statement);

}  // namespace planwise
