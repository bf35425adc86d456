// Asks a planner what statements would cost if some indexes existed and others did not.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "analyzer/base/result.h"
#include "analyzer/base/units.h"
#include "analyzer/model/plan.h"
#include "analyzer/model/schema.h"
#include "analyzer/model/statement.h"

namespace planwise {

// A change to the indexes that exist.
struct IndexSet {
  std::vector<IndexDef> added;
  std::vector<IndexName> removed;  // existing ones, hidden; ignored where can_hide() is false
};

struct StatementCost {
  std::optional<PlanCost> cost;          // nullopt: it could not be planned, see `error`
  std::vector<std::size_t> used;         // positions in IndexSet::added that the plan reads
  std::map<std::string, std::size_t> names;  // the same, by what `plan` calls them
  std::vector<std::string> used_existing;  // names of existing indexes that the plan reads
  std::optional<Plan> plan;              // where asked for
  std::string error;
};

// Not thread-safe: one session holds one set of hypothetical indexes.
class WhatIf {
 public:
  WhatIf() = default;
  WhatIf(const WhatIf&) = delete;
  WhatIf& operator=(const WhatIf&) = delete;
  virtual ~WhatIf() = default;

  // One answer per statement, in order: its cost with the existing indexes changed by `indexes`. Leaves no trace in
  // the server. Fails only when the session is lost; a statement that cannot be planned says so in its own answer.
  virtual Result<std::vector<StatementCost>> costs(std::span<const StatementId> statements, const IndexSet& indexes,
                                                   bool with_plans) = 0;

  // The size the index would have once built: corrected for B-tree deduplication, fill factor and widths.
  virtual Result<Bytes> size(const IndexDef& index) = 0;

  // False for what this planner cannot try (GIN and GiST in HypoPG): candidates of that kind need another proof.
  [[nodiscard]] virtual bool can_plan(const IndexDef& index) const = 0;
  [[nodiscard]] virtual bool can_hide() const = 0;
  // "what-if" for the server's own planner, "cost-model" for ours.
  [[nodiscard]] virtual std::string basis() const = 0;
};

}  // namespace planwise
