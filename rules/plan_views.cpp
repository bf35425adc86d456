#include <algorithm>
#include <array>
#include <utility>

#include "rules/views.h"

namespace planwise::rules {
namespace {

bool is_scan(const PlanNode& node) {
  return node.kind == NodeKind::kFullScan || node.kind == NodeKind::kFullIndexScan ||
         node.kind == NodeKind::kIndexScan || node.kind == NodeKind::kBitmapScan;
}

// Nodes that read their input to its end before they hand on the first row.
bool reads_all_first(const PlanNode& node) {
  const bool streams = node.label == "Group" || node.label == "Unique" || node.label == "Group aggregate" ||
                       node.label.starts_with("Remove duplicates");
  const bool grouped = node.kind == NodeKind::kAggregate && !streams;
  return node.kind == NodeKind::kSort || grouped || node.kind == NodeKind::kMaterialize ||
         node.label == "Hash" || node.label == "Bitmap Index Scan";
}

// The relation of the statement that the plan calls by this alias. A partition's alias is the parent's with a
// number. Where the engine tells only the alias, it stands as the table too.
const Table* by_alias(const Schema& schema, const StatementShape& shape, const PlanNode& node) {
  for (const QueryBlock& block : shape.blocks) {
    for (const Relation& relation : block.relations) {
      const bool same_table =
          relation.table && (relation.table->table == node.table || node.table == node.alias);
      if (same_table && relation.alias == node.alias) {
        return schema.find(*relation.table);
      }
    }
  }
  return nullptr;
}

const Table* table_read(const Schema& schema, const StatementShape* shape, const PlanNode& node) {
  if (node.table.empty()) {
    return nullptr;
  }
  if (shape != nullptr && (node.schema.empty() || node.table == node.alias)) {
    if (const Table* table = by_alias(schema, *shape, node); table != nullptr) {
      return table;
    }
  }
  return schema.resolve(node.schema, node.table);
}

// The two inputs of a join; its sub-plans stand beside them. nullptr where there are no two.
std::pair<const PlanNode*, const PlanNode*> sides_of(const PlanNode& join) {
  std::array<const PlanNode*, 2> sides{};
  std::size_t found = 0;
  for (const PlanNode& child : join.children) {
    if (child.relationship == "InitPlan" || child.relationship == "SubPlan") {
      continue;
    }
    if (found == sides.size()) {
      return {nullptr, nullptr};
    }
    sides.at(found++) = &child;
  }
  return found == sides.size() ? std::pair(sides[0], sides[1])
                               : std::pair<const PlanNode*, const PlanNode*>();
}

double rows_before_filter(const PlanNode& node, const Table& table, double loops) {
  if (node.actual) {
    return node.actual->rows.count + node.actual->rows_removed_by_filter.value_or(Rows{0}).count;
  }
  if (node.rows_read) {
    return node.rows_read->count * loops;
  }
  if (node.kind == NodeKind::kFullScan || node.kind == NodeKind::kFullIndexScan) {
    return std::max(row_count(table).value_or(0), node.rows.count) * loops;
  }
  for (const PlanNode& child : node.children) {
    if (child.label == "Bitmap Index Scan") {
      return std::max(child.rows.count, node.rows.count) * loops;
    }
  }
  return node.rows.count * loops;
}

}  // namespace

double loops_of(const PlanNode& node, const std::vector<const PlanNode*>& ancestors) {
  if (node.actual) {
    return node.actual->loops;
  }
  double loops = 1;
  bool kept = false;  // what is materialised is read once, however often it is scanned again
  const PlanNode* below = &node;
  for (auto above = ancestors.rbegin(); above != ancestors.rend(); ++above) {
    const PlanNode& parent = **above;
    kept = kept || below->kind == NodeKind::kMaterialize;
    const auto [outer, inner] = sides_of(parent);
    if (parent.join == JoinMethod::kNestedLoop && inner == below && !kept) {
      loops *= std::max(1.0, outer->rows.count);
    }
    below = &parent;
  }
  return loops;
}

double parallel_divisor(const std::vector<const PlanNode*>& ancestors) {
  for (const PlanNode* above : ancestors) {
    if (above->label.starts_with("Gather") && above->workers && *above->workers > 0) {
      const double workers = *above->workers;
      return workers + std::max(0.0, 1.0 - 0.3 * workers);
    }
  }
  return 1;
}

bool stops_early(const PlanNode& node, const std::vector<const PlanNode*>& ancestors) {
  if (reads_all_first(node)) {
    return false;
  }
  for (auto above = ancestors.rbegin(); above != ancestors.rend(); ++above) {
    if ((*above)->kind == NodeKind::kLimit) {
      return true;
    }
    if (reads_all_first(**above)) {
      return false;
    }
  }
  return false;
}

std::vector<TableScan> scans_of(const Plan& plan, const Schema& schema, const StatementShape* shape) {
  std::vector<TableScan> scans;
  walk_with_ancestors(plan, [&](const PlanNode& node, const std::vector<const PlanNode*>& ancestors) {
    if (!is_scan(node)) {
      return;
    }
    const Table* table = table_read(schema, shape, node);
    if (table == nullptr || !is_advisable(*table)) {
      return;
    }
    TableScan scan{.node = &node, .table = table, .root = &schema.root_of(*table)};
    scan.loops = loops_of(node, ancestors);
    scan.rows_kept =
        node.actual ? node.actual->rows.count : node.rows.count * scan.loops * parallel_divisor(ancestors);
    scan.rows_read = std::max(scan.rows_kept, rows_before_filter(node, *table, scan.loops));
    scan.stops_early = !node.actual && stops_early(node, ancestors);
    scans.push_back(scan);
  });
  return scans;
}

std::vector<TableScan> full_scans_of(const std::vector<TableScan>& scans, const Table& table) {
  std::vector<TableScan> found;
  for (const TableScan& scan : scans) {
    if (scan.root == &table && scan.node->kind == NodeKind::kFullScan) {
      found.push_back(scan);
    }
  }
  return found;
}

}  // namespace planwise::rules
