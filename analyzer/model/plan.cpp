#include "analyzer/model/plan.h"

#include <array>

namespace planwise {
namespace {

using Visit = std::function<void(const PlanNode&, const std::string&)>;
using VisitWithAncestors = std::function<void(const PlanNode&, const std::vector<const PlanNode*>&)>;

// Recursion is bounded: the readers refuse documents nested deeper than simdjson's limit of 1,024.
void walk_from(const PlanNode& node, const std::string& path, const Visit& visit) {
  visit(node, path);
  for (std::size_t i = 0; i < node.children.size(); ++i) {
    walk_from(node.children[i], path + "." + std::to_string(i), visit);
  }
}

void walk_from(const PlanNode& node, std::vector<const PlanNode*>& ancestors, const VisitWithAncestors& visit) {
  visit(node, ancestors);
  ancestors.push_back(&node);
  for (const PlanNode& child : node.children) {
    walk_from(child, ancestors, visit);
  }
  ancestors.pop_back();
}

}  // namespace

std::string_view to_string(NodeKind kind) noexcept {
  static constexpr std::array<std::string_view, 15> kNames{
      "full-scan", "full-index-scan", "index-scan", "bitmap-scan", "join",   "sort",  "aggregate", "materialize",
      "limit",     "union",           "subquery",   "window",      "write", "result", "other"};
  return kNames.at(static_cast<std::size_t>(kind));
}

std::string_view to_string(JoinMethod method) noexcept {
  switch (method) {
    case JoinMethod::kNestedLoop: return "nested-loop";
    case JoinMethod::kHash: return "hash";
    case JoinMethod::kMerge: return "merge";
  }
  return "nested-loop";
}

std::string_view to_string(PlanSource source) noexcept {
  switch (source) {
    case PlanSource::kAsIs: return "as-is";
    case PlanSource::kParameters: return "parameters";
    case PlanSource::kStatistics: return "statistics";
    case PlanSource::kGeneric: return "generic";
    case PlanSource::kRecorded: return "recorded";
  }
  return "as-is";
}

std::string PlanNode::qualified_table() const {
  return schema.empty() ? table : schema + "." + table;
}

void walk(const Plan& plan, const Visit& visit) {
  walk_from(plan.root, "0", visit);
}

void walk_with_ancestors(const Plan& plan, const VisitWithAncestors& visit) {
  std::vector<const PlanNode*> ancestors;
  walk_from(plan.root, ancestors, visit);
}

}  // namespace planwise
