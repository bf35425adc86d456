#include "analyzer/explain/node_names.h"

#include <algorithm>
#include <array>

namespace planwise {
namespace {

// Source: ExplainNode() in PostgreSQL's explain.c, releases 12 to 18; sorted by name.
constexpr std::array kNodes{
    NodeName{"Aggregate", NodeKind::kAggregate, {}},
    NodeName{"Append", NodeKind::kUnion, {}},
    NodeName{"Bitmap Heap Scan", NodeKind::kBitmapScan, {}},
    NodeName{"Bitmap Index Scan", NodeKind::kBitmapScan, {}},
    NodeName{"BitmapAnd", NodeKind::kBitmapScan, {}},
    NodeName{"BitmapOr", NodeKind::kBitmapScan, {}},
    NodeName{"CTE Scan", NodeKind::kSubquery, {}},
    NodeName{"Custom Scan", NodeKind::kOther, {}},
    NodeName{"Foreign Scan", NodeKind::kOther, {}},
    NodeName{"Function Scan", NodeKind::kResult, {}},
    NodeName{"Gather", NodeKind::kOther, {}},
    NodeName{"Gather Merge", NodeKind::kOther, {}},
    NodeName{"Group", NodeKind::kAggregate, {}},
    NodeName{"Hash", NodeKind::kMaterialize, {}},
    NodeName{"Hash Join", NodeKind::kJoin, JoinMethod::kHash},
    NodeName{"Incremental Sort", NodeKind::kSort, {}},
    NodeName{"Index Only Scan", NodeKind::kIndexScan, {}},
    NodeName{"Index Scan", NodeKind::kIndexScan, {}},
    NodeName{"Limit", NodeKind::kLimit, {}},
    NodeName{"LockRows", NodeKind::kOther, {}},
    NodeName{"Materialize", NodeKind::kMaterialize, {}},
    NodeName{"Memoize", NodeKind::kMaterialize, {}},
    NodeName{"Merge Append", NodeKind::kUnion, {}},
    NodeName{"Merge Join", NodeKind::kJoin, JoinMethod::kMerge},
    NodeName{"ModifyTable", NodeKind::kWrite, {}},
    NodeName{"Named Tuplestore Scan", NodeKind::kSubquery, {}},
    NodeName{"Nested Loop", NodeKind::kJoin, JoinMethod::kNestedLoop},
    NodeName{"ProjectSet", NodeKind::kResult, {}},
    NodeName{"Recursive Union", NodeKind::kUnion, {}},
    NodeName{"Result", NodeKind::kResult, {}},
    NodeName{"Sample Scan", NodeKind::kOther, {}},  // a share of the table, on purpose
    NodeName{"Seq Scan", NodeKind::kFullScan, {}},
    NodeName{"SetOp", NodeKind::kUnion, {}},
    NodeName{"Sort", NodeKind::kSort, {}},
    NodeName{"Subquery Scan", NodeKind::kSubquery, {}},
    NodeName{"Table Function Scan", NodeKind::kResult, {}},
    NodeName{"Tid Range Scan", NodeKind::kOther, {}},
    NodeName{"Tid Scan", NodeKind::kOther, {}},
    NodeName{"Unique", NodeKind::kAggregate, {}},
    NodeName{"Values Scan", NodeKind::kResult, {}},
    NodeName{"WindowAgg", NodeKind::kWindow, {}},
    NodeName{"WorkTable Scan", NodeKind::kSubquery, {}},
};
static_assert(std::ranges::is_sorted(kNodes, {}, &NodeName::name));

}  // namespace

const NodeName* find_postgres_node(std::string_view name) noexcept {
  const auto* const at = std::ranges::lower_bound(kNodes, name, {}, &NodeName::name);
  return at != kNodes.end() && at->name == name ? at : nullptr;
}

}  // namespace planwise
