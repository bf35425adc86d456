#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "analyzer/explain/conditions.h"
#include "analyzer/explain/index_access.h"
#include "analyzer/explain/json_fields.h"
#include "analyzer/explain/mysql_names.h"
#include "analyzer/explain/plan_building.h"
#include "analyzer/explain/readers.h"

namespace planwise::explain {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view kUpdate = "Update ";

bool is_scan(const PlanNode& node) {
  return node.kind == NodeKind::kFullScan || node.kind == NodeKind::kFullIndexScan ||
         node.kind == NodeKind::kIndexScan || node.kind == NodeKind::kBitmapScan;
}

bool is_subquery(const object& from) {
  return is_true(from, "subquery") || has(from, "subquery_location") ||
         text(from, "heading").starts_with("Select #");
}

// What a derived or temporary table is read from is its first input.
bool reads_a_temporary_table(const object& from) {
  if (!text(from, "schema_name").empty()) {
    return false;
  }
  constexpr std::array kSources{"materialize"sv, "temp_table_aggregate"sv, "materialize_information_schema"sv,
                                "materialized_table_function"sv};
  element first;
  object input;
  const bool made = from["inputs"].at(0).get(first) == simdjson::SUCCESS &&
                    first.get_object().get(input) == simdjson::SUCCESS &&
                    std::ranges::find(kSources, text(input, "access_type")) != kSources.end();
  return made || text(from, "table_name").starts_with('<') || text(from, "index_name").starts_with("<auto");
}

std::string join_type_of(std::string_view type) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 5> kTypes{
      {{"inner join", "Inner"},
       {"left join", "Left"},
       {"semijoin", "Semi"},
       {"antijoin", "Anti"},
       {"full outer join", "Full"}}};
  const auto* const at =
      std::ranges::find(kTypes, type, &std::pair<std::string_view, std::string_view>::first);
  return std::string(at == kTypes.end() ? type : at->second);
}

// Averages over the loops became totals; null where the node was never executed. nullopt without ANALYZE.
std::optional<ActualRun> run_of(const object& from) {
  if (!has(from, "actual_loops")) {
    return std::nullopt;
  }
  ActualRun run;
  run.loops = clamped_rows(number(from, "actual_loops").value_or(0));
  run.rows = Rows{clamped_rows(number(from, "actual_rows").value_or(0) * run.loops)};
  if (run.loops == 0) {
    run.time = Millis{0};
  } else if (const auto average = number(from, "actual_last_row_ms")) {
    run.time = Millis{*average * run.loops};
  }
  return run;
}

// The index comes to its row by row; the table is the parent's, so that it counts as read once.
void hoist_table(PlanNode& merge) {
  for (PlanNode& child : merge.children) {
    if (!is_scan(child)) {
      continue;
    }
    if (child.kind == NodeKind::kBitmapScan) {
      hoist_table(child);
    }
    if (merge.alias.empty()) {
      merge.schema = child.schema;
      merge.table = child.table;
      merge.alias = child.alias;
    }
    child.kind = NodeKind::kBitmapScan;
    child.schema.clear();
    child.table.clear();
    child.alias.clear();
  }
}

class Reader {
 public:
  Reader(PlanLiterals literals, std::vector<std::string>& unknown) : literals_(literals), unknown_(unknown) {}

  PlanNode read(const object& from) {
    PlanNode node;
    too_deep_ = too_deep_ || ++levels_ > kMaxTreeLevels;
    if (too_deep_) {
      return node;
    }
    read_identity(from, node);
    read_details(from, node);
    node.cost = quantity<PlanCost>(number(from, "estimated_total_cost"));
    node.startup_cost = quantity<PlanCost>(number(from, "estimated_first_row_cost"));
    node.actual = run_of(from);
    std::size_t inputs = 0;
    for (const std::string_view list : {"inputs"sv, "inputs_from_select_list"sv}) {
      for_each_object(from, list, [&](const object& entry) {
        PlanNode child = read(entry);
        if (is_subquery(entry) || list != "inputs") {
          mark_subquery(entry, child);
        } else if (node.kind == NodeKind::kJoin) {
          child.relationship = inputs++ == 0 ? "Outer" : "Inner";
        }
        node.children.push_back(std::move(child));
      });
    }
    --levels_;
    read_rows(from, node);
    return text(from, "access_type") == "filter" ? folded(std::move(node)) : finished(std::move(node), from);
  }

  [[nodiscard]] bool too_deep() const { return too_deep_; }

 private:
  void read_identity(const object& from, PlanNode& node) {
    const std::string_view access = text(from, "access_type");
    const std::string_view operation = text(from, "operation");
    const PathName* const known =
        access == "index" ? find_index_access(text(from, "index_access_type")) : find_access_path(access);
    if (known != nullptr) {
      node.kind = known->kind;
      node.label = known->label;
    } else if (access.empty() && operation.starts_with(kUpdate)) {
      node.kind = NodeKind::kWrite;  // MySQL gives it no access type
      node.label = "Update";
    } else if (access.empty() && operation.starts_with("Nested loop semijoin")) {
      node.kind = NodeKind::kJoin;  // nor this
      node.label = "Nested loop semijoin with duplicate removal";
      node.join = JoinMethod::kNestedLoop;
      node.join_type = "Semi";
    } else {
      node.label = access.empty()      ? first_words(operation)
                   : access == "index" ? "index: " + std::string(text(from, "index_access_type"))
                                       : std::string(access);
      add_unknown(node.label, unknown_);
    }
    if (operation.starts_with("Single-row")) {
      node.label = "Single-row index lookup";
    }
    read_table(from, node);
  }

  static void read_table(const object& from, PlanNode& node) {
    const std::string_view table = text(from, "table_name");
    node.alias = text(from, "alias").empty() ? table : text(from, "alias");
    if (is_scan(node) && reads_a_temporary_table(from)) {
      node.kind = NodeKind::kSubquery;
    } else if (node.kind != NodeKind::kSubquery && node.kind != NodeKind::kMaterialize) {
      node.table = table;
      node.schema = text(from, "schema_name");
    }
    node.index = text(from, "index_name");
    node.covering = is_true(from, "covering");
    for (const std::string_view column : texts(from, "key_columns")) {
      node.index_columns.emplace_back(column);
    }
    if (node.index_columns.empty()) {
      node.index_columns = columns_looked_up(text(from, "lookup_condition"));
    }
  }

  void read_details(const object& from, PlanNode& node) {
    node.index_condition = shown_condition(text(from, "lookup_condition"), literals_);
    for (const std::string_view range : texts(from, "ranges")) {
      node.index_condition = joined(std::move(node.index_condition), " or ", shown_range(range, literals_));
    }
    node.index_condition = both(std::move(node.index_condition),
                                shown_condition(text(from, "pushed_index_condition"), literals_));
    node.filter = shown_condition(text(from, "condition"), literals_);
    node.sort_keys = conditions(from, "sort_fields");
    node.group_keys = conditions(from, "group_items");
    if (node.kind == NodeKind::kAggregate && is_true(from, "group_by")) {
      node.label = texts(from, "functions").empty() ? "Group" : "Group aggregate";
    }
    if (node.kind == NodeKind::kJoin && node.join_type.empty()) {
      read_join(from, node);
    }
  }

  void read_join(const object& from, PlanNode& node) {
    const std::string_view algorithm = text(from, "join_algorithm");
    if (algorithm == "hash") {
      node.join = JoinMethod::kHash;
      node.label = "Hash join";
    } else if (algorithm == "nested_loop" || algorithm == "batch_key_access") {
      node.join = JoinMethod::kNestedLoop;
      node.label = algorithm == "nested_loop" ? "Nested loop" : "Batched key access";
    }
    node.join_type = join_type_of(text(from, "join_type"));
    for (const std::string& condition : conditions(from, "hash_condition")) {
      node.join_condition = both(std::move(node.join_condition), condition);
    }
    for (const std::string& condition : conditions(from, "extra_condition")) {
      node.join_filter = both(std::move(node.join_filter), condition);
    }
  }

  static Rows rows_of_inputs(const PlanNode& node) {
    if (node.children.empty()) {
      return {};
    }
    const double first = node.children[0].rows.count;
    const bool product =
        node.kind == NodeKind::kJoin && node.children.size() > 1 && node.join_type == "Inner";
    return Rows{product ? clamped_rows(first * node.children[1].rows.count) : first};
  }

  // Sorts, limits and temporary tables may come without an estimate: they hand on what they get.
  static void read_rows(const object& from, PlanNode& node) {
    const auto estimated = number(from, "estimated_rows");
    node.rows = estimated ? Rows{clamped_rows(*estimated)} : rows_of_inputs(node);
    if (const auto limit = number(from, "limit"); node.kind == NodeKind::kLimit && !estimated && limit) {
      const double offset = clamped_rows(number(from, "limit_offset").value_or(0));
      node.rows = Rows{std::min(node.rows.count, std::max(0.0, clamped_rows(*limit) - offset))};
    }
    if (is_scan(node)) {
      node.rows_read = node.rows;
    }
    set_rows_read(node);
  }

  static void set_rows_read(PlanNode& node) {
    if (is_scan(node) && node.actual && node.actual->loops > 0) {
      const Rows removed = node.actual->rows_removed_by_filter.value_or(Rows{});
      node.rows_read = Rows{(node.actual->rows.count + removed.count) / node.actual->loops};
    }
  }

  static const PlanNode* find_alias(const PlanNode& node, std::string_view alias) {
    if (node.alias == alias && !node.table.empty()) {
      return &node;
    }
    for (const PlanNode& child : node.children) {
      if (const PlanNode* const found = find_alias(child, alias)) {
        return found;
      }
    }
    return nullptr;
  }

  // "o (immediate), c (buffered)": the first.
  static void find_target(PlanNode& node, std::string_view tables) {
    const std::string_view alias = tables.substr(0, tables.find(" ("));
    for (const PlanNode& child : node.children) {
      if (const PlanNode* const read = find_alias(child, alias)) {
        node.schema = read->schema;
        node.table = read->table;
        node.alias = read->alias;
        return;
      }
    }
  }

  PlanNode finished(PlanNode node, const object& from) {
    if (node.kind == NodeKind::kWrite && node.table.empty()) {
      find_target(node, text(from, "operation").starts_with(kUpdate)
                            ? text(from, "operation").substr(kUpdate.size())
                            : text(from, "tables"));
    }
    if (node.kind == NodeKind::kBitmapScan) {
      hoist_table(node);
    }
    if (node.kind == NodeKind::kJoin && node.children.size() >= 2) {
      PlanNode& inner = node.children[1];
      if (node.join == JoinMethod::kNestedLoop && names_a_table_of(node.children[0], inner.filter)) {
        node.join_filter = both(std::move(node.join_filter), inner.filter);
      }
      if (node.join == JoinMethod::kHash) {
        inner = hashed(std::move(inner));
      }
    }
    const bool set = is_true(from, "union") || is_true(from, "intersect") || is_true(from, "except");
    if (node.kind == NodeKind::kMaterialize && (set || node.children.size() > 1)) {
      PlanNode operands{.kind = NodeKind::kUnion,
                        .label = is_true(from, "intersect") ? "Intersect"
                                 : is_true(from, "except")  ? "Except"
                                                            : "Union",
                        .rows = node.rows,
                        .children = std::move(node.children)};
      node.children = {};
      node.children.push_back(std::move(operands));
    }
    return node;
  }

  // As PostgreSQL shows the side that is read into the hash table.
  static PlanNode hashed(PlanNode child) {
    const std::optional<PlanCost> cost = child.cost;
    const std::optional<ActualRun> run = child.actual;
    std::string relationship = std::exchange(child.relationship, {});
    PlanNode node = over(std::move(child), NodeKind::kMaterialize, "Hash");
    node.cost = cost;
    node.relationship = std::move(relationship);
    if (run) {
      node.actual = ActualRun{.rows = run->rows, .loops = run->loops, .time = run->time};
    }
    return node;
  }

  // A filter is no step of its own: it is part of what it filters.
  static PlanNode folded(PlanNode filter) {
    if (filter.children.empty()) {
      return filter;
    }
    PlanNode node = std::move(filter.children[0]);
    const bool first = node.filter.empty();
    node.filter = both(std::move(node.filter), filter.filter);
    node.rows = filter.rows;
    node.cost = filter.cost ? filter.cost : node.cost;
    if (filter.actual && node.actual) {
      const double removed = std::max(0.0, node.actual->rows.count - filter.actual->rows.count);
      const double before = first ? 0 : node.actual->rows_removed_by_filter.value_or(Rows{}).count;
      node.actual->rows_removed_by_filter = Rows{before + removed};
      node.actual->rows = filter.actual->rows;
      node.actual->time = filter.actual->time;
      set_rows_read(node);
    }
    std::move(filter.children.begin() + 1, filter.children.end(), std::back_inserter(node.children));
    return node;
  }

  static void mark_subquery(const object& from, PlanNode& node) {
    node.relationship = is_true(from, "dependent") ? "SubPlan" : "InitPlan";
    const std::string_view heading = text(from, "heading");
    if (heading.starts_with("Select #")) {
      const std::size_t end = heading.find_first_not_of("0123456789", "Select #"sv.size());
      node.subplan = "s" + std::string(heading.substr(1, end == std::string_view::npos ? end : end - 1));
    }
  }

  [[nodiscard]] std::vector<std::string> conditions(const object& from, std::string_view key) const {
    std::vector<std::string> shown;
    for (const std::string_view condition : texts(from, key)) {
      shown.push_back(shown_condition(condition, literals_));
    }
    return shown;
  }

  static std::string joined(std::string first, std::string_view word, const std::string& second) {
    return first.empty() ? second : first.append(word).append(second);
  }

  // What an operation is called before anything of the statement's stands in it.
  static std::string first_words(std::string_view operation) {
    std::size_t end = 0;
    while (end < operation.size() && end < 60 &&
           (std::isalpha(static_cast<unsigned char>(operation[end])) != 0 || operation[end] == ' ' ||
            operation[end] == '-')) {
      ++end;
    }
    const std::string_view words = operation.substr(0, end);
    return words.empty() ? "(no access type)" : std::string(words.substr(0, words.find_last_not_of(' ') + 1));
  }

  PlanLiterals literals_;
  std::vector<std::string>& unknown_;
  std::size_t levels_ = 0;
  bool too_deep_ = false;
};

}  // namespace

Result<Plan> read_mysql_tree(const object& root, PlanLiterals literals) {
  Plan plan{.source = PlanSource::kRecorded};
  Reader reader(literals, plan.unknown_nodes);
  plan.root = reader.read(object_at(root, "query_plan").value_or(root));
  if (reader.too_deep()) {
    return Error{ErrorCode::kMalformed, "the plan is nested too deeply"};
  }
  if (plan.root.actual) {
    plan.execution_time = plan.root.actual->time;
  }
  return plan;
}

}  // namespace planwise::explain
