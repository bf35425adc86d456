#include <algorithm>
#include <array>
#include <iterator>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "analyzer/explain/conditions.h"
#include "analyzer/explain/index_access.h"
#include "analyzer/explain/json_fields.h"
#include "analyzer/explain/mariadb_table.h"
#include "analyzer/explain/plan_building.h"
#include "analyzer/explain/readers.h"

namespace planwise::explain {
namespace {

using namespace std::string_view_literals;

constexpr std::array kCaches{"expression_cache"sv, "subquery_cache"sv};  // 10.11 and before; 11.4
constexpr std::array kParts{"query_block"sv,
                            "union_result"sv,
                            "recursive_union"sv,
                            "filesort"sv,
                            "temporary_table"sv,
                            "duplicate_removal"sv,
                            "duplicates_removal"sv,
                            "window_functions_computation"sv,
                            "materialization"sv,
                            "expression_cache"sv,
                            "subquery_cache"sv,
                            "read_sorted_file"sv,
                            "range-checked-for-each-record"sv,
                            "full-scan-on-null_key"sv};
constexpr std::array kWrappers{"read_sorted_file"sv, "range-checked-for-each-record"sv,
                               "full-scan-on-null_key"sv};

// "a, f(b, c) desc" as two keys.
std::vector<std::string_view> split_keys(std::string_view keys) {
  std::vector<std::string_view> found;
  std::size_t begin = 0;
  int open = 0;
  char quote = '\0';
  for (std::size_t at = 0; at <= keys.size(); ++at) {
    const char c = at < keys.size() ? keys[at] : ',';
    const bool end = at == keys.size() || (c == ',' && open == 0 && quote == '\0');
    if (end && at > begin) {
      found.push_back(keys.substr(begin, at - begin));
    }
    if (end) {
      begin = std::min(keys.find_first_not_of(' ', at + 1), keys.size());
    } else if (quote != '\0') {
      quote = c == quote ? '\0' : quote;
    } else if (c == '\'' || c == '"' || c == '`') {
      quote = c;
    }
    open += quote != '\0' ? 0 : c == '(' ? 1 : c == ')' ? -1 : 0;
  }
  return found;
}

// Source: Filesort_tracker::print_json_members() in MariaDB's sql_analyze_stmt.cc: rows and merge passes are
// averages over the loops, the time is a total.
std::optional<ActualRun> run_of_sort(const object& from) {
  if (!has(from, "r_loops")) {
    return std::nullopt;
  }
  ActualRun run{.rows = {}, .loops = clamped_rows(number(from, "r_loops").value_or(0))};
  run.rows = Rows{clamped_rows(number(from, "r_output_rows").value_or(0) * run.loops)};
  run.time = quantity<Millis>(number(from, "r_total_time_ms"));
  run.sort_passes = number(from, "r_sort_passes").value_or(0) * run.loops;
  return run;
}

// Conditions in the tree below that name tables which are not in it.
bool depends_on(const PlanNode& node, const PlanNode& subquery, const PlanNode& outer) {
  for (const std::string* condition : {&node.filter, &node.index_condition, &node.join_filter}) {
    if (names_a_table_of(outer, *condition) && !names_a_table_of(subquery, *condition)) {
      return true;
    }
    // One that names both sides: some name in it is the outer side's alone.
    for (const std::string& name : qualifiers_in(*condition)) {
      if (names_a_table_of(outer, name + ".x") && !names_a_table_of(subquery, name + ".x")) {
        return true;
      }
    }
  }
  return std::ranges::any_of(node.children,
                             [&](const PlanNode& child) { return depends_on(child, subquery, outer); });
}

class Reader {
 public:
  Reader(PlanLiterals literals, std::vector<std::string>& unknown) : literals_(literals), unknown_(unknown) {}

  PlanNode read(const object& root) {
    PlanNode node = body(root);
    schemas_.fill_in(node);
    return node;
  }
  [[nodiscard]] bool too_deep() const { return nesting_.too_deep; }

 private:
  // What an object holds: tables, an operator or a set operation, with sub-queries beside it. Releases before
  // 10.11 print the tables of a join as members of one name.
  PlanNode body(const object& from) {
    const Deeper deeper(nesting_, 1, parts_in(from));
    std::vector<JoinedTable> inputs;
    std::vector<object> subqueries;
    for (const simdjson::dom::key_value_pair member : from) {
      array items;
      object content;
      if (nesting_.too_deep) {
        return {};
      }
      if (member.key == "subqueries") {
        for_each_object(from, member.key, [&](const object& entry) { subqueries.push_back(entry); });
      } else if (member.key == "nested_loop" && member.value.get_array().get(items) == simdjson::SUCCESS) {
        inputs.push_back({.node = join(items)});
      } else if (member.value.get_object().get(content) == simdjson::SUCCESS) {
        add_part(member.key, content, inputs);
      }
    }
    PlanNode top = inputs.empty() ? PlanNode{.kind = NodeKind::kResult, .label = "query_block"}
                                  : left_deep(std::move(inputs));
    std::vector<PlanNode> read;
    for (const object& entry : subqueries) {
      read.push_back(subquery(entry, top));
    }
    std::ranges::move(read, std::back_inserter(top.children));
    return top;
  }

  // Nothing for an object that is no part of the tree, such as the engine's counters.
  void add_part(std::string_view key, const object& content, std::vector<JoinedTable>& inputs) {
    if (key == "table") {
      inputs.push_back(table(content));
    } else if (key == "block-nl-join") {
      inputs.push_back(buffered(content));
    } else if (is_part(key, content)) {
      inputs.emplace_back().node = part(key, content);
    }
  }

  static bool is_part(std::string_view key, const object& content) {
    return is_one_of(kParts, key) || has(content, "table") || has(content, "nested_loop") ||
           has(content, "query_specifications") || has(content, "block-nl-join") ||
           std::ranges::any_of(kParts, [&](std::string_view name) { return has(content, name); });
  }

  PlanNode part(std::string_view key, const object& content) {
    if (is_one_of(kWrappers, key)) {
      return body(content);
    }
    if (key == "query_block") {
      return block(content);
    }
    if (key == "union_result" || key == "recursive_union") {
      return set_operation(key, content);
    }
    if (key == "filesort") {
      return sort(body(content), content);
    }
    if (key == "temporary_table") {
      return over(body(content), NodeKind::kMaterialize, "temporary table");
    }
    if (key == "duplicate_removal" || key == "duplicates_removal") {
      return over(body(content), NodeKind::kAggregate, key);
    }
    if (key == "window_functions_computation") {
      return windows(content);
    }
    // A cache that found too little is switched off while the statement runs.
    if (is_one_of(kCaches, key) && text(content, "state") == "disabled") {
      return body(content);
    }
    if (is_one_of(kParts, key)) {
      return over(body(content), NodeKind::kMaterialize, key);
    }
    add_unknown(key, unknown_);
    return over(body(content), NodeKind::kOther, key);
  }

  PlanNode block(const object& from) {
    const Deeper deeper(nesting_, 0, 4);
    std::vector<std::string> outside = std::exchange(written_, {});
    PlanNode top = body(from);
    top = filtered(std::move(top), NodeKind::kAggregate, "having_condition", from);
    for (const std::string_view once :
         {"const_condition"sv, "outer_ref_condition"sv, "pseudo_bits_condition"sv}) {
      top = filtered(std::move(top), NodeKind::kResult, once, from);
    }
    for (const std::string& write : written_) {
      std::string target = top.alias;
      top = over(std::move(top), NodeKind::kWrite, write);
      top.table = top.alias = std::move(target);
    }
    if (const auto total = number(from, "cost")) {
      top.cost = PlanCost{*total};
    }
    if (const auto time = number(from, "r_total_time_ms"); time && top.actual) {
      top.actual->time = Millis{*time};
    }
    written_ = std::move(outside);
    return top;
  }

  PlanNode filtered(PlanNode node, NodeKind kind, std::string_view key, const object& from) {
    const std::string_view condition = text(from, key);
    if (condition.empty() || condition == "1") {
      return node;
    }
    PlanNode filter = over(std::move(node), kind, key);
    filter.filter = shown_condition(condition, literals_);
    return filter;
  }

  PlanNode join(const array& entries) {
    return join_of(entries, nesting_,
                   [this](std::string_view key, const object& content, std::vector<JoinedTable>& tables) {
                     add_part(key, content, tables);
                   });
  }

  PlanNode sort(PlanNode child, const object& from) {
    PlanNode node = over(std::move(child), NodeKind::kSort, "filesort");
    for (const std::string_view key : split_keys(text(from, "sort_key"))) {
      node.sort_keys.push_back(shown_condition(key, literals_));
    }
    node.actual = run_of_sort(from);
    if (const auto limit = number(from, "r_limit")) {
      node.rows = Rows{std::min(node.rows.count, clamped_rows(*limit))};
    }
    return node;
  }

  // "sorts" is a list of {"filesort": ...}, in older releases an object with members of that name.
  PlanNode windows(const object& from) {
    std::vector<object> sorts;
    for_each_object(from, "sorts", [&](const object& entry) {
      if (const auto filesort = object_at(entry, "filesort")) {
        sorts.push_back(*filesort);
      }
    });
    if (const auto members = object_at(from, "sorts")) {
      for (const simdjson::dom::key_value_pair member : *members) {
        if (object filesort; member.value.get_object().get(filesort) == simdjson::SUCCESS) {
          sorts.push_back(filesort);
        }
      }
    }
    const Deeper deeper(nesting_, 0, sorts.size());
    PlanNode node = body(from);
    for (const object& filesort : sorts) {
      if (!nesting_.too_deep) {
        node = sort(std::move(node), filesort);
      }
    }
    return over(std::move(node), NodeKind::kWindow, "window_functions_computation");
  }

  PlanNode set_operation(std::string_view key, const object& from) {
    const Deeper deeper(nesting_, 0, 1);
    PlanNode node{.kind = NodeKind::kUnion, .label = std::string(key)};
    node.alias = text(from, "table_name");
    for_each_object(from, "query_specifications", [&](const object& entry) {
      node.children.push_back(body(entry));
      node.rows = Rows{clamped_rows(node.rows.count + node.children.back().rows.count)};
    });
    if (has(from, "r_loops")) {
      ActualRun run{.rows = {}, .loops = clamped_rows(number(from, "r_loops").value_or(0))};
      run.rows = Rows{clamped_rows(number(from, "r_rows").value_or(0) * run.loops)};
      node.actual = run;
    }
    return node;
  }

  // Whether a sub-query runs for each row the document does not say: it was seen to run more than once, or it
  // names a table outside.
  PlanNode subquery(const object& entry, const PlanNode& outer) {
    PlanNode node = body(entry);
    bool again = false;
    for (const simdjson::dom::key_value_pair member : entry) {
      object content;
      if (member.value.get_object().get(content) != simdjson::SUCCESS) {
        continue;
      }
      const object block = object_at(content, "query_block").value_or(content);
      const bool looked_up = node.label == "index_subquery" || node.label == "unique_subquery";
      again = is_one_of(kCaches, member.key) || looked_up ||
              (member.key != "materialization" &&
               (number(block, "r_loops").value_or(0) > 1 || depends_on(node, node, outer)));
      node.subplan =
          "subquery#" +
          std::to_string(static_cast<int>(std::clamp(number(block, "select_id").value_or(0), 0.0, 1e6)));
    }
    node.relationship = again ? "SubPlan" : "InitPlan";
    return node;
  }

  JoinedTable table(const object& from) {
    const Deeper deeper(nesting_, 0, 2);
    JoinedTable out = read_mariadb_table(from, literals_, unknown_, schemas_);
    if (const auto inner = object_at(from, "materialized"); inner && !nesting_.too_deep) {
      materialized(*inner, out.node);
    }
    for (const std::string_view write : {"update"sv, "delete"sv}) {
      if (is_true(from, write) && written_.empty()) {
        written_.emplace_back(write);
      }
    }
    return out;
  }

  // A lateral derived table is made anew for each row of the tables before it.
  void materialized(const object& from, PlanNode& node) {
    const bool lateral = is_true(from, "lateral");
    node.children.push_back(over(body(from), lateral ? NodeKind::kSubquery : NodeKind::kMaterialize,
                                 lateral ? "lateral" : "materialized"));
    if (!node.rows_read) {
      node.rows = node.children.back().rows;
    }
  }

  JoinedTable buffered(const object& from) {
    JoinedTable out;
    std::vector<JoinedTable> inputs;
    for (const simdjson::dom::key_value_pair member : from) {
      object content;
      if (member.value.get_object().get(content) != simdjson::SUCCESS || nesting_.too_deep) {
        continue;
      }
      if (member.key == "materialized" && !inputs.empty()) {
        materialized(content, inputs.front().node);
      } else {
        add_part(member.key, content, inputs);
      }
    }
    if (!inputs.empty()) {
      out = std::move(inputs.front());
    }
    read_join_buffer(from, literals_, out);
    schemas_.see_condition(text(from, "attached_condition"));
    return out;
  }

  PlanLiterals literals_;
  std::vector<std::string>& unknown_;
  SchemaNames schemas_;
  std::vector<std::string> written_;  // how the block being read writes
  Nesting nesting_;
};

}  // namespace

Result<Plan> read_mariadb(const object& root, PlanLiterals literals) {
  Plan plan{.source = PlanSource::kRecorded};
  Reader reader(literals, plan.unknown_nodes);
  plan.root = reader.read(root);
  if (reader.too_deep()) {
    return Error{ErrorCode::kMalformed, "the plan is nested too deeply"};
  }
  if (const auto optimized = object_at(root, "query_optimization")) {
    plan.planning_time = quantity<Millis>(number(*optimized, "r_total_time_ms"));
  }
  if (const auto block = object_at(root, "query_block")) {
    plan.execution_time = quantity<Millis>(number(*block, "r_total_time_ms"));
  }
  return plan;
}

}  // namespace planwise::explain
