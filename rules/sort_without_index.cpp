#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <optional>
#include <string>
#include <vector>

#include "analyzer/base/text.h"
#include "rules/actions.h"
#include "rules/rules.h"
#include "rules/views.h"

namespace planwise::rules {
namespace {

constexpr std::array kOptions{
    Option{"min_rows", 10'000, "rows", "rows sorted a call; fewer are sorted in no time"},
    Option{"max_kept_share", 0.1, "share", "share of the sorted rows that anybody gets to see"},
};

constexpr std::array<std::string_view, 1> kReferences{
    "https://www.postgresql.org/docs/current/indexes-ordering.html",
};

struct Sorted {
  double rows = 0;
  double kept = 0;
};

// A sort of many rows directly under a LIMIT or a grouping that hands on few. The estimate of a LIMIT with a
// parameter is a tenth of the rows whatever the value, so the rows returned a call, which were counted,
// decide.
std::optional<Sorted> sort_for_few(const Plan& plan, const Statement& statement) {
  std::optional<Sorted> found;
  walk_with_ancestors(plan, [&](const PlanNode& node, const std::vector<const PlanNode*>& ancestors) {
    if (found || node.kind != NodeKind::kSort || ancestors.empty() || !node.presorted_keys.empty()) {
      return;
    }
    const auto taker = std::find_if(ancestors.rbegin(), ancestors.rend(),
                                    [](const PlanNode* one) { return !one->label.starts_with("Gather"); });
    if (taker == ancestors.rend()) {
      return;
    }
    const PlanNode& above = **taker;
    const bool limited = above.kind == NodeKind::kLimit;
    if (!limited && above.kind != NodeKind::kAggregate) {
      return;
    }
    // The top-N sort of a LIMIT reports the rows it was given where the plan was run, else the planner's
    // estimate.
    const PlanNode& input = node.children.empty() ? node : node.children.front();
    Sorted sorted{.rows = node.actual ? input.actual.value_or(*node.actual).rows.count
                                      : node.rows.count * parallel_divisor(ancestors),
                  .kept = above.actual ? above.actual->rows.count : above.rows.count};
    const bool outermost = std::next(taker) == ancestors.rend();
    if (limited && outermost && !above.actual && statement.stats.calls > 0) {
      sorted.kept = statement.rows_per_call();
    }
    found = sorted;
  });
  return found;
}

// The columns the sort needs, all of one table: equality columns first, then the order. nullopt where the
// order is of several tables or computed.
std::optional<IndexDef> index_for(const Analysis& analysis, const StatementShape& shape,
                                  const QueryBlock& block) {
  const Table* table = nullptr;
  std::vector<IndexKey> order;
  const auto add = [&](const ColumnUse& use, bool descending, bool nulls_first) {
    const Table* of = table_of(analysis, shape, use);
    if (of == nullptr || (table != nullptr && of != table) || !use.expression.empty() ||
        of->find_column(use.column) == nullptr) {
      return false;
    }
    table = of;
    order.push_back({.expression = use.column, .descending = descending, .nulls_first = nulls_first});
    return true;
  };
  const bool by_order = !block.order_by.empty();
  const bool complete =
      by_order
          ? std::ranges::all_of(
                block.order_by,
                [&](const OrderItem& item) { return add(item.column, item.descending, item.nulls_first); })
          : std::ranges::all_of(block.group_by, [&](const ColumnUse& use) { return add(use, false, false); });
  if (!complete || table == nullptr || !is_advisable(*table)) {
    return std::nullopt;
  }
  IndexDef def;
  def.table = table->name;
  for (const Predicate& predicate : block.predicates) {
    const bool known =
        table_of(analysis, shape, predicate.column) == table && predicate.column.expression.empty();
    const bool repeated = std::ranges::any_of(
        def.keys, [&](const IndexKey& key) { return key.expression == predicate.column.column; });
    if (known && predicate.kind == PredicateKind::kEqual && predicate.or_group < 0 && !repeated) {
      def.keys.push_back({.expression = predicate.column.column});
    }
  }
  for (const IndexKey& key : order) {
    if (std::ranges::none_of(def.keys,
                             [&](const IndexKey& other) { return other.expression == key.expression; })) {
      def.keys.push_back(key);
    }
  }
  return def;
}

const QueryBlock* ordered_block(const StatementShape& shape) {
  for (const QueryBlock& block : shape.blocks) {
    if ((!block.order_by.empty() && block.has_limit) || (block.order_by.empty() && !block.group_by.empty())) {
      return &block;
    }
  }
  return nullptr;
}

Finding finding_for(const Analysis& analysis, const Statement& statement, const Table& table,
                    const IndexDef& def, const Sorted& sorted) {
  const IndexProposal* proposal = proposal_for(analysis, statement.id, table.name);
  const Finding index = proposal != nullptr ? proposal_finding(analysis, table, *proposal)
                                            : index_finding(analysis, table, def, "", std::nullopt);
  Finding finding = statement_finding(analysis, statement);
  finding.confidence = proposal != nullptr ? Confidence::kStrong : Confidence::kPossible;
  finding.title = index.title;
  finding.why =
      "Each call sorts many rows to hand on a few. An index in that order hands them on as they are read.";
  finding.objects.insert(finding.objects.begin(), index.objects.begin(), index.objects.end());
  finding.evidence.push_back({.text = fmt::format("sorts {} rows a call to hand on {}",
                                                  human(Rows{sorted.rows}), human(Rows{sorted.kept})),
                              .metric = "rows_sorted_per_call",
                              .value = sorted.rows,
                              .unit = "rows"});
  finding.action = index.action;
  return finding;
}

void check_statement(const Analysis& analysis, const Statement& statement, const RuleOptions& options,
                     Verdict& out) {
  const Plan* plan = analysis.snapshot.plan_of(statement.id);
  const StatementShape* shape = shape_of(analysis, statement.id);
  if (plan == nullptr || shape == nullptr) {
    return;
  }
  const auto sorted = sort_for_few(*plan, statement);
  const QueryBlock* block = ordered_block(*shape);
  if (!sorted || block == nullptr || sorted->rows < options.get("min_rows") ||
      sorted->kept > options.get("max_kept_share") * sorted->rows) {
    return;
  }
  const auto def = index_for(analysis, *shape, *block);
  const Table* table = def ? analysis.snapshot.schema.find(def->table) : nullptr;
  if (table == nullptr || is_tiny(*table)) {
    return;
  }
  const IndexProposal* proposal = proposal_for(analysis, statement.id, table->name);
  // The advisor tried the index and the planner did not want it; or it exists.
  if ((proposal == nullptr && advisor_declined(analysis, statement.id)) ||
      is_served(analysis.snapshot.schema, *table, proposal == nullptr ? *def : proposal->def)) {
    return;
  }
  out.findings.push_back(finding_for(analysis, statement, *table, *def, *sorted));
}

void check(const Analysis& analysis, const RuleOptions& options, Verdict& out) {
  for (const Statement& statement : analysis.snapshot.workload.statements) {
    check_statement(analysis, statement, options, out);
  }
}

}  // namespace

constinit const Rule sort_without_index{
    .info =
        {.id = "sort-without-index",
         .title = "Many rows are sorted to hand on a few",
         .severity = Severity::kWarning,
         .engines = Engines::kPostgres,
         .what = "A sort of `min_rows` rows or more a call under a LIMIT, or under a grouping, that hands on "
                 "at most "
                 "`max_kept_share` of them, where the order is of columns of one table. For a LIMIT the rows "
                 "returned "
                 "a call are counted; the planner's estimate of a parameter is not trusted.",
         .why = "The sort must see all rows before the first can be handed on, and needs memory or disk for "
                "them.",
         .fix =
             "An index with the equality columns first and the order after them. `possible` unless the index "
             "advisor had it confirmed.",
         .quiet = "Small sorts; sorts whose result is used; sorts of computed values or of several tables; "
                  "an index of "
                  "that order exists; the advisor tried it and the planner did not want it.",
         .options = kOptions,
         .references = kReferences},
    .check = check,
};

}  // namespace planwise::rules
