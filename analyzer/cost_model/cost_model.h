// planwise's own planner: what statements would cost under other indexes, worked out from the column
// statistics, the catalogue and the server's plan for the indexes that exist.
//
// For servers without HypoPG and for snapshot files. The server's cost of a statement is the truth for the
// indexes that exist; for others it is scaled by the ratio of the model's own costs, so that what the model
// misjudges in both cancels out. A statement that the model cannot judge says why and costs nothing.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "analyzer/cost_model/index_info.h"
#include "analyzer/cost_model/settings.h"
#include "analyzer/model/snapshot.h"
#include "analyzer/sql/shape.h"
#include "analyzer/what_if.h"

namespace planwise {

class CostModelWhatIf final : public WhatIf {
 public:
  // Both must outlive it; `shapes` are resolved against the snapshot's schema.
  CostModelWhatIf(const Snapshot& snapshot, const std::map<StatementId, StatementShape>& shapes);
  ~CostModelWhatIf() override;

  // Whether there is anything to go by: PostgreSQL, and a table with statistics.
  [[nodiscard]] static bool is_possible(const Snapshot& snapshot);

  Result<std::vector<StatementCost>> costs(std::span<const StatementId> statements, const IndexSet& indexes,
                                           bool with_plans) override;
  Result<Bytes> size(const IndexDef& index) override;
  [[nodiscard]] bool can_plan(const IndexDef& index) const override {
    return index.method == IndexMethod::kBtree;
  }
  [[nodiscard]] bool can_hide() const override { return true; }
  [[nodiscard]] std::string basis() const override { return "cost-model"; }

 private:
  struct Known;  // a statement read once

  Known& known(StatementId id);
  [[nodiscard]] const std::vector<cost_model::IndexInfo>& existing(const Table& table);
  [[nodiscard]] const cost_model::IndexInfo* proposed(const IndexDef& def);

  const Snapshot& snapshot_;
  const std::map<StatementId, StatementShape>& shapes_;
  cost_model::CostSettings settings_;
  std::map<StatementId, std::unique_ptr<Known>> known_;
  std::map<TableName, std::vector<cost_model::IndexInfo>> existing_;
  std::map<IndexDef, std::optional<cost_model::IndexInfo>> proposed_;
};

}  // namespace planwise
