#include "analyzer/cost_model/path.h"

#include <algorithm>
#include <array>

namespace planwise::cost_model {
namespace {

constexpr double kSameCost = 1.01;

struct Look {
  PathKind path;
  NodeKind node;
  const char* label;
};
constexpr std::array kLooks{
    Look{PathKind::kResult, NodeKind::kResult, "Result"},
    Look{PathKind::kSeqScan, NodeKind::kFullScan, "Seq Scan"},
    Look{PathKind::kIndexScan, NodeKind::kIndexScan, "Index Scan"},
    Look{PathKind::kBitmapScan, NodeKind::kBitmapScan, "Bitmap Heap Scan"},
    Look{PathKind::kSubquery, NodeKind::kSubquery, "Subquery Scan"},
    Look{PathKind::kNestedLoop, NodeKind::kJoin, "Nested Loop"},
    Look{PathKind::kHashJoin, NodeKind::kJoin, "Hash Join"},
    Look{PathKind::kMergeJoin, NodeKind::kJoin, "Merge Join"},
    Look{PathKind::kSort, NodeKind::kSort, "Sort"},
    Look{PathKind::kAggregate, NodeKind::kAggregate, "Aggregate"},
    Look{PathKind::kLimit, NodeKind::kLimit, "Limit"},
    Look{PathKind::kGather, NodeKind::kOther, "Gather"},
    Look{PathKind::kAppend, NodeKind::kUnion, "Append"},
};

bool begins_with(const std::vector<SortKey>& order, const std::vector<SortKey>& wanted) {
  return wanted.size() <= order.size() && std::equal(wanted.begin(), wanted.end(), order.begin());
}

bool makes_needless(const Path& better, const Path& other) {
  return better.partial() == other.partial() && better.total <= other.total * kSameCost &&
         better.startup <= other.startup * kSameCost + 1e-9 && begins_with(better.order, other.order);
}

}  // namespace

PlanNode plan_node(const Path& path, double scale) {
  const auto* const look = std::ranges::find(kLooks, path.kind, &Look::path);
  PlanNode node{.kind = look->node, .label = look->label};
  node.rows = Rows{path.rows};
  node.startup_cost = PlanCost{path.startup * scale};
  node.cost = PlanCost{path.total * scale};
  if (path.kind == PathKind::kNestedLoop || path.kind == PathKind::kHashJoin ||
      path.kind == PathKind::kMergeJoin) {
    node.join = path.kind == PathKind::kHashJoin    ? JoinMethod::kHash
                : path.kind == PathKind::kMergeJoin ? JoinMethod::kMerge
                                                    : JoinMethod::kNestedLoop;
  }
  if (path.unit != nullptr && path.unit->table != nullptr) {
    node.schema = path.unit->table->name.schema;
    node.table = path.unit->table->name.table;
    node.alias = path.unit->alias;
  }
  if (!path.indexes.empty()) {
    // A proposed index has no name yet: its keys stand for it.
    const IndexInfo& index = *path.indexes.front();
    node.index = index.name;
    for (std::size_t k = 0; index.name.empty() && k < index.def.keys.size(); ++k) {
      node.index += (k == 0 ? "proposed: " : ", ") + index.def.keys[k].expression;
    }
    node.covering = path.covering;
    node.label = path.covering ? "Index Only Scan" : node.label;
  }
  node.index_condition = path.condition;
  node.filter = path.filter;
  for (const Path* child : path.children) {
    node.children.push_back(plan_node(*child, scale));
  }
  return node;
}

void collect_indexes(const Path& path, std::set<std::size_t>& added, std::set<std::string>& existing) {
  for (const IndexInfo* index : path.indexes) {
    if (index->position) {
      added.insert(*index->position);
    } else {
      existing.insert(index->name);
    }
  }
  for (const Path* child : path.children) {
    collect_indexes(*child, added, existing);
  }
}

void add_path(std::vector<const Path*>& paths, const Path* path) {
  if (std::ranges::any_of(paths, [&](const Path* other) { return makes_needless(*other, *path); })) {
    return;
  }
  std::erase_if(paths, [&](const Path* other) { return makes_needless(*path, *other); });
  paths.push_back(path);
}

}  // namespace planwise::cost_model
