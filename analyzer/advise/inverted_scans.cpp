#include "analyzer/advise/inverted_scans.h"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

namespace planwise {
namespace {

// What the planner takes for containment, search and patterns where statistics say nothing:
// DEFAULT_MATCHING_SEL in src/include/utils/selfuncs.h.
constexpr double kMatchingShare = 0.01;

double cost_of(const PlanNode& node) {
  return node.cost ? node.cost->units : 0;
}

bool checks(const std::string& filter, const InvertedCondition& condition) {
  // The plan keeps the order of the operands that the statement has.
  const std::string turned = condition.op == "@>" ? "<@" : condition.op;
  return (filter.find(' ' + condition.op + ' ') != std::string::npos ||
          filter.find(' ' + turned + ' ') != std::string::npos) &&
         filter.find(condition.column->name) != std::string::npos;
}

// Whether the scan checks nothing but the search: no AND, and no OR but the search's own.
bool checks_nothing_else(const PlanNode& scan, const InvertedSearch& search) {
  return scan.filter.find(" AND ") == std::string::npos &&
         (search.any_of.size() > 1 || scan.filter.find(" OR ") == std::string::npos);
}

// Rows a call of a statement that hands on the rows of its one table as they are.
std::optional<double> rows_returned(const StatementShape& shape, const Statement& statement) {
  if (shape.blocks.size() != 1 || shape.kind != StatementKind::kSelect || statement.stats.calls <= 0 ||
      statement.stats.rows <= 0) {
    return std::nullopt;
  }
  const QueryBlock& block = shape.blocks.front();
  const bool as_they_are = block.relations.size() == 1 && !block.has_limit && !block.has_offset &&
                           !block.distinct && !block.has_aggregate && block.group_by.empty() &&
                           block.distinct_on.empty();
  return as_they_are ? std::optional(static_cast<double>(statement.stats.rows) /
                                     static_cast<double>(statement.stats.calls))
                     : std::nullopt;
}

class Finder {
 public:
  Finder(const InvertedSearch& search, const Schema& schema, std::optional<double> returned)
      : search_(search), schema_(schema), returned_(returned) {}

  // `total` is what the node costs over all of its runs. A child cannot cost more than its parent: a LIMIT
  // ends it. NOLINTNEXTLINE(misc-no-recursion): as deep as the plan, which its reader bounds
  void visit(const PlanNode& node, double total, double runs, double workers) {
    if (node.label.starts_with("Gather") && node.workers) {
      // Source: get_parallel_divisor() in costsize.c.
      workers = *node.workers + std::max(0.0, 1 - 0.3 * *node.workers);
    }
    add(node, total, runs, workers);
    double left = total;
    for (std::size_t i = 0; i < node.children.size(); ++i) {
      const bool is_inner = node.join == JoinMethod::kNestedLoop && i == 1;
      const double each = is_inner ? std::max(1.0, node.children.front().rows.count) : 1;
      const double wanted = cost_of(node.children[i]) * each * runs;
      const double given = std::min(wanted, left);
      left -= given;
      visit(node.children[i], given, runs * each, workers);
    }
  }

  std::vector<InvertedScan> take() { return std::move(scans_); }

 private:
  void add(const PlanNode& node, double total, double runs, double workers) {
    const Table* table = node.table.empty() ? nullptr : schema_.resolve(node.schema, node.table);
    const bool ours = table != nullptr && &schema_.root_of(*table) == search_.table && table->rows;
    if (!ours || total <= 0 || !std::ranges::all_of(search_.any_of, [&](const InvertedCondition& condition) {
          return checks(node.filter, condition);
        })) {
      return;
    }
    double matches = node.rows.count * workers;
    if (!checks_nothing_else(node, search_)) {
      matches = std::max(matches, kMatchingShare * table->rows->count);
    } else if (returned_ && table == search_.table) {
      matches = *returned_;
    }
    scans_.push_back({.node = &node,
                      .table = table,
                      .conditions = search_.any_of,
                      .cost = total,
                      .runs = std::max(1.0, runs),
                      .matches = std::max(1.0, matches)});
  }

  const InvertedSearch& search_;
  const Schema& schema_;
  const std::optional<double> returned_;
  std::vector<InvertedScan> scans_;
};

}  // namespace

std::vector<InvertedScan> inverted_scans(const InvertedSearch& search, const StatementShape& shape,
                                         const Plan& plan, const Schema& schema, const Statement& statement) {
  Finder finder(search, schema, rows_returned(shape, statement));
  finder.visit(plan.root, cost_of(plan.root), 1, 1);
  return finder.take();
}

}  // namespace planwise
