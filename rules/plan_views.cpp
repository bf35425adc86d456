#include <algorithm>

#include "rules/views.h"

namespace planwise::rules {
namespace {

bool is_scan(const PlanNode& node) {
  return node.kind == NodeKind::kFullScan || node.kind == NodeKind::kFullIndexScan ||
         node.kind == NodeKind::kIndexScan || node.kind == NodeKind::kBitmapScan;
}

// Nodes that read their input to its end before they hand on the first row.
bool reads_all_first(const PlanNode& node) {
  const bool grouped = node.kind == NodeKind::kAggregate && node.label != "Group" && node.label != "Unique";
  return node.kind == NodeKind::kSort || grouped || node.kind == NodeKind::kMaterialize ||
         node.label == "Hash" || node.label == "Bitmap Index Scan";
}

// The relation of the statement that the plan calls by this alias. A partition's alias is the parent's with a
// number.
const Table* by_alias(const Schema& schema, const StatementShape& shape, const PlanNode& node) {
  for (const QueryBlock& block : shape.blocks) {
    for (const Relation& relation : block.relations) {
      if (relation.table && relation.table->table == node.table && relation.alias == node.alias) {
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
  if (node.schema.empty() && shape != nullptr) {
    if (const Table* table = by_alias(schema, *shape, node); table != nullptr) {
      return table;
    }
  }
  return schema.resolve(node.schema, node.table);
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
  const PlanNode* below = &node;
  for (auto above = ancestors.rbegin(); above != ancestors.rend(); ++above) {
    const PlanNode& parent = **above;
    const bool inner =
        parent.join == JoinMethod::kNestedLoop && parent.children.size() == 2 && &parent.children[1] == below;
    if (inner) {
      loops *= std::max(1.0, parent.children[0].rows.count);
    }
    // What is materialised is read once, however often it is scanned again.
    if (below->kind == NodeKind::kMaterialize && inner) {
      loops = 1;
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
