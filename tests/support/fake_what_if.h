// A planner small enough to check by hand: enough of a cost model over rows, pages and distinct values for
// properties of the index search to be tested without a server.
//
// Each use of a table (access_patterns()) is costed by its cheapest path: a full scan, or one B-tree,
// existing or added. A statement costs the sum. As a path more can only lower a minimum, adding an index
// never raises a cost.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "analyzer/advise/candidates_patterns.h"
#include "analyzer/what_if.h"

namespace planwise {

class FakeWhatIf : public WhatIf {
 public:
  // Both must outlive the fake.
  FakeWhatIf(const Snapshot& snapshot, const std::map<StatementId, StatementShape>& shapes)
      : snapshot_(snapshot), shapes_(shapes) {}

  Result<std::vector<StatementCost>> costs(std::span<const StatementId> statements, const IndexSet& indexes,
                                           bool with_plans) override;
  Result<Bytes> size(const IndexDef& index) override;
  [[nodiscard]] bool can_plan(const IndexDef& index) const override {
    return index.method == IndexMethod::kBtree;
  }
  [[nodiscard]] bool can_hide() const override { return true; }
  [[nodiscard]] std::string basis() const override { return "fake"; }

  std::int64_t asked = 0;                // statement costings answered
  std::int64_t fails_after = 1'000'000;  // then the session is lost
  std::set<StatementId> unplannable;
  std::set<IndexDef> refused;

 private:
  const Snapshot& snapshot_;
  const std::map<StatementId, StatementShape>& shapes_;
};

// What reading `pattern` costs by the index, or by a full scan where `index` is nullptr. Infinite where the
// index cannot serve it.
[[nodiscard]] double fake_cost(const AccessPattern& pattern, const IndexDef* index);

}  // namespace planwise
