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

// Source: list_names in MySQL's opt_explain_json.cc.
constexpr std::array kSubqueryLists{
    "select_list_subqueries"sv,   "attached_subqueries"sv,      "having_subqueries"sv,
    "order_by_subqueries"sv,      "group_by_subqueries"sv,      "update_value_subqueries"sv,
    "insert_values_subqueries"sv, "insert_update_subqueries"sv, "optimized_away_subqueries"sv};
constexpr std::array kSetOperations{"union_result"sv, "intersect_result"sv, "except_result"sv,
                                    "unary_result"sv};
constexpr std::array kOperations{"ordering_operation"sv, "grouping_operation"sv, "duplicates_removal"sv,
                                 "buffer_result"sv, "windowing"sv};
constexpr std::array kWrites{"insert"sv, "update"sv, "delete"sv, "replace"sv};

constexpr std::size_t kMaxWrites = 61;  // tables of one statement

std::optional<PlanCost> cost(const object& from, std::string_view key) {
  const auto info = object_at(from, "cost_info");
  return info ? quantity<PlanCost>(number(*info, key)) : std::nullopt;
}

struct Write {
  std::string label;
  std::string alias;
};

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
  // What an object holds: a table, a join, an operator or a set operation, with sub-queries beside it.
  PlanNode body(const object& from) {
    const Deeper deeper(nesting_, 1, parts_in(from));
    if (nesting_.too_deep) {
      return {};
    }
    std::vector<JoinedTable> inputs;
    std::vector<PlanNode> subqueries;
    for (const simdjson::dom::key_value_pair member : from) {
      if (is_one_of(kSubqueryLists, member.key)) {
        for_each_object(from, member.key,
                        [&](const object& entry) { subqueries.push_back(subquery(entry)); });
      } else if (array tables;
                 member.key == "nested_loop" && member.value.get_array().get(tables) == simdjson::SUCCESS) {
        inputs.push_back({.node = join(tables)});
      } else if (object content; member.value.get_object().get(content) == simdjson::SUCCESS) {
        add_part(member.key, content, inputs);
      }
    }
    PlanNode top = inputs.empty() ? PlanNode{.kind = NodeKind::kResult, .label = "query_block"}
                                  : left_deep(std::move(inputs));
    if (const std::string_view message = text(from, "message"); !message.empty()) {
      top = top.label == "query_block" ? PlanNode{.kind = NodeKind::kResult, .label = std::string(message)}
                                       : over(std::move(top), NodeKind::kResult, message);
    }
    std::ranges::move(subqueries, std::back_inserter(top.children));
    return top;
  }

  // Nothing for an object that is no part of the tree, such as a list of costs.
  void add_part(std::string_view key, const object& content, std::vector<JoinedTable>& inputs) {
    if (key == "table") {
      if (auto input = table(content)) {
        inputs.push_back(std::move(*input));
      }
    } else if (is_part(key, content)) {
      inputs.emplace_back().node = part(key, content);
    }
  }

  static bool is_part(std::string_view key, const object& content) {
    return key == "query_block" || key == "insert_from" || is_one_of(kSetOperations, key) ||
           is_one_of(kOperations, key) || has(content, "table") || has(content, "nested_loop") ||
           has(content, "query_block") || has(content, "query_specifications") ||
           std::ranges::any_of(kOperations, [&](std::string_view name) { return has(content, name); });
  }

  PlanNode part(std::string_view key, const object& content) {
    if (key == "query_block") {
      return block(content);
    }
    if (key == "insert_from") {
      return body(content);
    }
    if (is_one_of(kSetOperations, key)) {
      return set_operation(key, content);
    }
    if (key == "windowing") {
      return windowing(content);
    }
    if (is_one_of(kOperations, key)) {
      return operation(key, content);
    }
    add_unknown(key, unknown_);
    return over(body(content), NodeKind::kOther, key);
  }

  PlanNode block(const object& from) {
    std::vector<Write> outside = std::exchange(writes_, {});
    const bool was_recursive = std::exchange(recursive_, is_true(from, "recursive"));
    PlanNode top = body(from);
    for (Write& write : writes_) {
      const bool nothing_read = top.kind == NodeKind::kResult && top.label == "query_block";
      PlanNode node{
          .kind = NodeKind::kWrite, .label = write.label, .table = write.alias, .alias = write.alias};
      if (!nothing_read) {
        node.rows = top.rows;
        node.children.push_back(std::move(top));
      }
      top = std::move(node);
    }
    if (const auto total = cost(from, "query_cost")) {
      top.cost = total;
    }
    recursive_ = was_recursive;
    writes_ = std::move(outside);
    return top;
  }

  PlanNode join(const array& entries) {
    return join_of(entries, nesting_,
                   [this](std::string_view key, const object& content, std::vector<JoinedTable>& tables) {
                     add_part(key, content, tables);
                   });
  }

  // "using_filesort" and "using_temporary_table" as nodes of their own, below the operation they serve.
  PlanNode operation(std::string_view key, const object& from) {
    const Deeper deeper(nesting_, 0, 3);
    PlanNode node = body(from);
    if (is_true(from, "using_temporary_table")) {
      node = over(std::move(node), NodeKind::kMaterialize, "temporary table");
    }
    if (is_true(from, "using_filesort")) {
      node = sorted(std::move(node), from);
    }
    return key == "grouping_operation" || key == "duplicates_removal"
               ? over(std::move(node), NodeKind::kAggregate, key)
               : std::move(node);
  }

  PlanNode sorted(PlanNode child, const object& from) {
    const std::optional<PlanCost> below = child.cost;
    PlanNode sort = over(std::move(child), NodeKind::kSort, "filesort");
    for (const std::string_view key : texts(from, "filesort_key")) {
      sort.sort_keys.push_back(shown_condition(key, literals_));
    }
    if (const auto own = cost(from, "sort_cost"); own && below) {
      sort.cost = PlanCost{below->units + own->units};
    }
    return sort;
  }

  // The windows in the order in which they are computed.
  PlanNode windowing(const object& from) {
    array windows;
    const bool any = from["windows"].get_array().get(windows) == simdjson::SUCCESS;
    const Deeper deeper(nesting_, 0, any ? windows.size() * 3 : 0);
    PlanNode node = body(from);
    if (nesting_.too_deep) {
      return node;
    }
    for_each_object(from, "windows", [&](const object& window) {
      if (is_true(window, "using_temporary_table")) {
        node = over(std::move(node), NodeKind::kMaterialize, "temporary table");
      }
      if (is_true(window, "using_filesort")) {
        node = sorted(std::move(node), window);
      }
      node = over(std::move(node), NodeKind::kWindow, "window");
    });
    return node;
  }

  PlanNode set_operation(std::string_view key, const object& from) {
    const Deeper deeper(nesting_, 0, 2);
    PlanNode node{.kind = NodeKind::kUnion, .label = std::string(key)};
    node.alias = text(from, "table_name");
    for_each_object(from, "query_specifications", [&](const object& entry) {
      node.children.push_back(body(entry));
      node.rows = Rows{clamped_rows(node.rows.count + node.children.back().rows.count)};
    });
    return is_true(from, "using_filesort") ? sorted(std::move(node), from) : std::move(node);
  }

  PlanNode subquery(const object& from) {
    PlanNode node = body(from);
    const bool again = is_true(from, "dependent") || (has(from, "cacheable") && !is_true(from, "cacheable"));
    node.relationship = again ? "SubPlan" : "InitPlan";
    if (const auto found = object_at(from, "query_block")) {
      node.subplan =
          "select #" +
          std::to_string(static_cast<int>(std::clamp(number(*found, "select_id").value_or(0), 0.0, 1e6)));
    }
    return node;
  }

  // nullopt for a table that is written only.
  std::optional<JoinedTable> table(const object& from) {
    const Deeper deeper(nesting_, 0, 2);
    JoinedTable out;
    PlanNode& node = out.node;
    if (nesting_.too_deep) {
      return out;
    }
    read_identity(from, node);
    read_conditions(from, node);
    read_estimate(from, out);
    read_join(from, out);
    if (const auto inner = object_at(from, "materialized_from_subquery")) {
      materialized(*inner, node);
    }
    for_each_object(from, "attached_subqueries",
                    [&](const object& entry) { node.children.push_back(subquery(entry)); });
    return is_written_only(from, node) ? std::nullopt : std::optional(std::move(out));
  }

  void read_identity(const object& from, PlanNode& node) {
    const std::string_view access = text(from, "access_type");
    node.alias = text(from, "table_name");
    node.label = access;
    const auto kind = find_access_type(access);
    node.kind = kind.value_or(access.empty() ? NodeKind::kResult : NodeKind::kOther);
    if (!kind && !access.empty()) {
      add_unknown(access, unknown_);
    }
    const std::string_view key = text(from, "key");
    const bool own_reading =
        recursive_ && std::ranges::find(materializing_, node.alias) != materializing_.end();
    const bool derived = object_at(from, "materialized_from_subquery").has_value() ||
                         node.alias.starts_with('<') || key.starts_with("<auto") || own_reading ||
                         is_true(from, "recursive");
    if (const std::string_view function = text(from, "table_function"); !function.empty()) {
      node.kind = NodeKind::kResult;
      node.label = function;
    } else if (access.empty()) {
      node.label = text(from, "message").empty() ? "table" : text(from, "message");
    } else if (derived && kind) {
      node.kind = NodeKind::kSubquery;
    } else {
      node.table = node.alias;
    }
    if (node.kind == NodeKind::kBitmapScan) {
      node.children = index_merge_of(key);
    } else {
      node.index = key;
    }
    node.covering = is_true(from, "using_index") || is_true(from, "using_index_for_group_by");
  }

  void read_conditions(const object& from, PlanNode& node) {
    for (const std::string_view part : texts(from, "used_key_parts")) {
      node.index_columns.emplace_back(part);
    }
    const auto references = texts(from, "ref");
    for (const std::string_view reference : references) {
      schemas_.see_reference(reference);
    }
    schemas_.see_condition(text(from, "attached_condition"));
    schemas_.see_condition(text(from, "index_condition"));
    node.filter = shown_condition(text(from, "attached_condition"), literals_);
    const bool looked_up = node.label != "range";  // UPDATE and DELETE print a `ref` for ranges too
    node.index_condition = both(looked_up ? lookup_condition(node.index_columns, references) : std::string(),
                                shown_condition(text(from, "index_condition"), literals_));
  }

  // 5.6 prints `rows` per scan. Its `filtered` exceeds 100 where a LIMIT cut the rows down.
  static void read_estimate(const object& from, JoinedTable& out) {
    const auto per_scan = number(from, has(from, "rows") ? "rows" : "rows_examined_per_scan");
    if (per_scan) {
      const double share = std::clamp(number(from, "filtered").value_or(100) / 100, 0.0, 1.0);
      out.node.rows_read = Rows{clamped_rows(*per_scan)};
      out.node.rows = Rows{clamped_rows(*per_scan) * share};
    }
    if (const auto produced = number(from, "rows_produced_per_join")) {
      out.rows_produced = clamped_rows(*produced);
    }
    const auto read = cost(from, "read_cost");
    const auto evaluated = cost(from, "eval_cost");
    if (read && evaluated) {
      out.cost_of_all_loops = PlanCost{read->units + evaluated->units};
    }
    out.prefix_cost = cost(from, "prefix_cost");
  }

  static void read_join(const object& from, JoinedTable& out) {
    if (const std::string_view buffer = text(from, "using_join_buffer"); !buffer.empty()) {
      out.label = buffer;
      out.method = buffer == "hash join" ? JoinMethod::kHash : JoinMethod::kNestedLoop;
      out.buffered = buffer == "Block Nested Loop";
    }
    const std::string_view condition = text(from, "attached_condition");
    const bool outer_join = condition.find("is_not_null_compl(") != std::string_view::npos ||
                            condition.find("found_match(") != std::string_view::npos;
    out.join_type = is_true(from, "not_exists") ? "Anti"
                    : has(from, "first_match")  ? "Semi"
                    : outer_join                ? "Left"
                                                : "";
  }

  void materialized(const object& from, PlanNode& node) {
    if (has(from, "sharing_temporary_table_with")) {
      return;  // read elsewhere in the plan
    }
    materializing_.push_back(node.alias);
    node.children.push_back(over(body(from), NodeKind::kMaterialize, "materialized_from_subquery"));
    materializing_.pop_back();
    if (!node.rows_read) {
      node.rows = node.children.back().rows;
    }
  }

  // The table that is written may be read too: with estimates, it is.
  bool is_written_only(const object& from, const PlanNode& node) {
    bool only = false;
    for (const std::string_view write : kWrites) {
      if (is_true(from, write)) {
        only = !node.rows_read && (write == "insert" || write == "replace");
        if (writes_.size() < kMaxWrites) {
          writes_.push_back({std::string(write), node.alias});
        }
      }
    }
    return only;
  }

  PlanLiterals literals_;
  std::vector<std::string>& unknown_;
  SchemaNames schemas_;
  std::vector<Write> writes_;
  std::vector<std::string> materializing_;  // aliases of the derived tables this is inside of
  bool recursive_ = false;
  Nesting nesting_;
};

}  // namespace

Result<Plan> read_mysql_blocks(const object& root, PlanLiterals literals) {
  Plan plan{.source = PlanSource::kRecorded};
  Reader reader(literals, plan.unknown_nodes);
  plan.root = reader.read(root);
  if (reader.too_deep()) {
    return Error{ErrorCode::kMalformed, "the plan is nested too deeply"};
  }
  return plan;
}

}  // namespace planwise::explain
