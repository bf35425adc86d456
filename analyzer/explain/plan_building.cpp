#include "analyzer/explain/plan_building.h"

#include <algorithm>
#include <set>
#include <utility>

#include "analyzer/explain/conditions.h"
#include "analyzer/explain/json_fields.h"
#include "analyzer/explain/readers.h"

namespace planwise::explain {
namespace {

using Names = std::set<std::string, std::less<>>;

bool reads_one_of(const PlanNode& node, const Names& names) {
  return (!node.alias.empty() && names.contains(node.alias)) ||
         std::ranges::any_of(node.children,
                             [&](const PlanNode& child) { return reads_one_of(child, names); });
}

double rows_of_join(const JoinedTable& inner, double outer) {
  if (inner.rows_produced.value_or(0) > 0) {
    return *inner.rows_produced;
  }
  const bool at_most_once = inner.join_type == "Semi" || inner.join_type == "Anti";
  const double product = clamped_rows(outer * inner.node.rows.count);
  return at_most_once                ? std::min(outer, product)
         : inner.join_type == "Left" ? std::max(outer, product)
                                     : product;
}

template <class Quantity>
std::optional<Quantity> sum(const std::optional<Quantity>& first, const std::optional<Quantity>& second) {
  return first && second ? std::optional<Quantity>(*first + *second) : std::nullopt;
}

// Of both sides together; nullopt where the rows were not counted.
std::optional<ActualRun> run_of_join(const PlanNode& outer, const JoinedTable& inner) {
  const std::optional<ActualRun>& last = inner.node.actual;
  const bool counted = inner.rows_joined || (inner.method == JoinMethod::kNestedLoop && !inner.buffered);
  if (!outer.actual || !last || !counted) {
    return std::nullopt;
  }
  ActualRun run{.rows = inner.rows_joined ? Rows{*inner.rows_joined} : last->rows,
                .loops = outer.actual->loops};
  run.time = sum(outer.actual->time, last->time);
  run.blocks_hit = sum(outer.actual->blocks_hit, last->blocks_hit);
  run.blocks_read = sum(outer.actual->blocks_read, last->blocks_read);
  return run;
}

PlanNode joined(PlanNode outer, JoinedTable inner) {
  PlanNode join{.kind = NodeKind::kJoin, .label = std::move(inner.label), .join = inner.method};
  join.rows = Rows{rows_of_join(inner, outer.rows.count)};
  join.join_type = std::move(inner.join_type);
  join.join_condition = std::move(inner.join_condition);
  join.join_filter = std::move(inner.join_filter);
  if (names_a_table_of(outer, inner.node.filter)) {
    join.join_filter = both(std::move(join.join_filter), inner.node.filter);
  }
  join.cost = inner.prefix_cost;
  join.actual = run_of_join(outer, inner);
  if (inner.cost_of_all_loops) {
    const double loops = inner.buffered ? 1 : std::max(1.0, outer.rows.count);
    inner.node.cost = PlanCost{inner.cost_of_all_loops->units / loops};
  }
  if (inner.buffered) {
    inner.node = over(std::move(inner.node), NodeKind::kMaterialize, "join buffer");
  }
  outer.relationship = "Outer";
  inner.node.relationship = "Inner";
  join.children.push_back(std::move(outer));
  join.children.push_back(std::move(inner.node));
  return join;
}

}  // namespace

Deeper::Deeper(Nesting& nesting, std::size_t objects, std::size_t levels)
    : nesting_(nesting), objects_(objects), levels_(levels) {
  nesting_.objects += objects_;
  nesting_.levels += levels_;
  nesting_.too_deep = nesting_.too_deep || nesting_.objects > kMaxObjects || nesting_.levels > kMaxLevels;
}

Deeper::~Deeper() {
  nesting_.objects -= objects_;
  nesting_.levels -= levels_;
}

PlanNode over(PlanNode child, NodeKind kind, std::string_view label) {
  PlanNode node{.kind = kind, .label = std::string(label), .rows = child.rows};
  node.children.push_back(std::move(child));
  return node;
}

void add_unknown(std::string_view name, std::vector<std::string>& unknown) {
  if (std::ranges::find(unknown, name) == unknown.end()) {
    unknown.emplace_back(name);
  }
}

PlanNode join_of(const array& entries, Nesting& nesting, const AddPart& add_part) {
  const Deeper deeper(nesting, 0, entries.size());
  std::vector<JoinedTable> tables;
  for (const element entry : entries) {
    object members;
    if (nesting.too_deep || entry.get_object().get(members) != simdjson::SUCCESS) {
      continue;
    }
    for (const simdjson::dom::key_value_pair member : members) {
      object content;
      if (member.value.get_object().get(content) == simdjson::SUCCESS) {
        add_part(member.key, content, tables);
      }
    }
  }
  return tables.empty() ? PlanNode{.kind = NodeKind::kResult, .label = "nested_loop"}
                        : left_deep(std::move(tables));
}

bool names_a_table_of(const PlanNode& outer, const std::string& condition) {
  const Names names = condition.empty() ? Names() : qualifiers_in(condition);
  return !names.empty() && reads_one_of(outer, names);
}

PlanNode left_deep(std::vector<JoinedTable> tables) {
  PlanNode left = std::move(tables.front().node);
  if (!left.cost) {
    left.cost = tables.front().prefix_cost ? tables.front().prefix_cost : tables.front().cost_of_all_loops;
  }
  for (std::size_t i = 1; i < tables.size(); ++i) {
    left = joined(std::move(left), std::move(tables[i]));
  }
  return left;
}

}  // namespace planwise::explain
