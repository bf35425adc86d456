#include "analyzer/advise/measured_plan.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

namespace planwise {
namespace {

constexpr double kLeastScansPerCall = 0.5;

// Scans counted of the indexes that every call must read, by table and index; partitions' indexes count
// together. What may not run in a call (the inner side of a join, a sub-plan) is left out.
using Scans = std::map<std::pair<std::string, std::string>, std::int64_t>;

void add_scans(const PlanNode& node, const Schema& schema, Scans& scans) {
  if (!node.index.empty()) {
    for (const Table& table : schema.tables) {
      const Index* index =
          table.name.schema == node.schema || node.schema.empty() ? table.find_index(node.index) : nullptr;
      if (index != nullptr && index->scans) {
        const std::string& group = index->parent_index.empty() ? index->name : index->parent_index;
        scans[{table.name.schema, group}] += *index->scans;
      }
    }
  }
  const bool is_append = node.kind == NodeKind::kUnion || node.label.find("Append") != std::string::npos;
  for (const PlanNode& child : node.children) {
    if (child.relationship == "InitPlan" || child.relationship == "SubPlan") {
      continue;
    }
    add_scans(child, schema, scans);
    if (!is_append) {
      break;
    }
  }
}

}  // namespace

bool measured_under_another_plan(const Statement& statement, const Snapshot& snapshot) {
  const Plan* plan = snapshot.plan_of(statement.id);
  const auto& counters = snapshot.schema.counters;
  if (plan == nullptr || !counters || counters->from > snapshot.workload.window.from) {
    return false;
  }
  Scans scans;
  add_scans(plan->root, snapshot.schema, scans);
  return std::ranges::any_of(scans, [&](const auto& entry) {
    return static_cast<double>(entry.second) <
           kLeastScansPerCall * static_cast<double>(statement.stats.calls);
  });
}

}  // namespace planwise
