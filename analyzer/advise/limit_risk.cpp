#include "analyzer/advise/limit_risk.h"

#include <algorithm>

namespace planwise {
namespace {

// Rows kept by the filter above which even a bad order finds the wanted ones soon.
constexpr double kHarmlessShare = 0.25;

double cost_of(const PlanNode& node) {
  return node.cost ? node.cost->units : 0;
}

// The scan whose order and rows reach the LIMIT one by one, or nullptr where something in between reads all
// of it first.
const PlanNode* streamed_scan(const PlanNode& node) {
  const PlanNode* at = &node;
  while (true) {
    switch (at->kind) {
      case NodeKind::kIndexScan:
      case NodeKind::kFullIndexScan: return at;
      case NodeKind::kSort:
        if (at->presorted_keys.empty()) {
          return nullptr;
        }
        break;
      case NodeKind::kJoin:
        if (at->join != JoinMethod::kNestedLoop) {
          return nullptr;
        }
        break;
      case NodeKind::kSubquery:
      case NodeKind::kResult:
      case NodeKind::kOther: break;
      default: return nullptr;
    }
    if (at->children.empty()) {
      return nullptr;
    }
    at = &at->children.front();
  }
}

}  // namespace

bool waits_for_rare_rows(const PlanNode& limit, const Schema& schema) {
  if (limit.kind != NodeKind::kLimit || limit.children.empty()) {
    return false;
  }
  const PlanNode& input = limit.children.front();
  const PlanNode* scan = streamed_scan(input);
  if (scan == nullptr || !scan->index_condition.empty()) {
    return false;
  }
  const Table* table = schema.resolve(scan->schema, scan->table);
  if (table == nullptr || !table->rows || table->find_index(scan->index) != nullptr) {
    return false;
  }
  // A partial index has thrown away its part already; then the scan has no filter.
  const double walked = scan->filter.empty() ? scan->rows.count : table->rows->count;
  return input.rows.count / std::max(walked, 1.0) < kHarmlessShare;
}

PlanCost cautious_cost(const Plan& plan, const Schema& schema) {
  double cost = cost_of(plan.root);
  walk(plan, [&](const PlanNode& node, const std::string&) {
    if (waits_for_rare_rows(node, schema)) {
      cost += std::max(0.0, cost_of(node.children.front()) - cost_of(node));
    }
  });
  return {cost};
}

}  // namespace planwise
