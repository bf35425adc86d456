#include "analyzer/explain/mariadb_table.h"

#include <algorithm>
#include <utility>

#include "analyzer/explain/index_access.h"
#include "analyzer/explain/json_fields.h"
#include "analyzer/explain/mysql_names.h"

namespace planwise::explain {
namespace {

constexpr std::size_t kMaxMergeDepth = 8;  // servers nest two

std::vector<std::string> columns(const object& from) {
  const auto parts = texts(from, "used_key_parts");
  return {parts.begin(), parts.end()};
}

PlanNode index_node(const object& range, std::string_view label) {
  PlanNode node{.kind = NodeKind::kBitmapScan, .label = std::string(label)};
  node.index = text(range, "key");
  node.index_columns = columns(range);
  return node;
}

// {"union": [{"range": {"key": ...}}, ...]}; in older releases an object with members of that name.
void read_index_merge(const object& from, std::vector<PlanNode>& out, std::size_t depth) {
  for (const simdjson::dom::key_value_pair member : from) {
    object content;
    array items;
    if (member.key == "range" && member.value.get_object().get(content) == simdjson::SUCCESS) {
      out.push_back(index_node(content, "range"));
      continue;
    }
    if (depth == kMaxMergeDepth) {
      continue;
    }
    PlanNode node{.kind = NodeKind::kBitmapScan, .label = std::string(member.key)};
    if (member.value.get_object().get(content) == simdjson::SUCCESS) {
      read_index_merge(content, node.children, depth + 1);
    } else if (member.value.get_array().get(items) == simdjson::SUCCESS) {
      for (const element item : items) {
        if (item.get_object().get(content) == simdjson::SUCCESS) {
          read_index_merge(content, node.children, depth + 1);
        }
      }
    }
    if (!node.children.empty()) {
      out.push_back(std::move(node));
    }
  }
}

// The index whose row ids are collected first, so that others are not even read.
PlanNode rowid_filter(const object& from) {
  PlanNode node = index_node(object_at(from, "range").value_or(from), "rowid_filter");
  node.rows = Rows{clamped_rows(number(from, "rows").value_or(0))};
  if (const auto collected = number(from, "r_rows")) {
    node.actual = ActualRun{.rows = Rows{clamped_rows(*collected)}, .loops = 1};
    node.actual->time = quantity<Millis>(number(from, "r_filling_time_ms"));
  }
  return node;
}

void read_identity(const object& from, PlanNode& node, std::vector<std::string>& unknown) {
  const std::string_view access = text(from, "access_type");
  const auto kind = find_access_type(access);
  node.alias = text(from, "table_name");
  node.label = access;
  node.kind = kind.value_or(NodeKind::kOther);
  if (access.empty()) {
    const std::string_view message = text(from, "message");
    node.kind = message.empty() && !node.alias.empty() ? NodeKind::kWrite : NodeKind::kResult;
    node.label = !message.empty() ? message : node.kind == NodeKind::kWrite ? "insert" : "table";
  } else if (!kind) {
    add_unknown(access, unknown);
  }
  if (node.alias.starts_with('<') || has(from, "materialized")) {
    node.kind = NodeKind::kSubquery;
  } else {
    node.table = node.alias;
  }
  node.covering = is_true(from, "using_index") || has(from, "using_index_for_group_by");
}

void read_index(const object& from, JoinedTable& out) {
  PlanNode& node = out.node;
  const std::string_view key = text(from, "key");
  const auto references = texts(from, "ref");
  if (const auto merge = object_at(from, "index_merge")) {
    read_index_merge(*merge, node.children, 0);
  } else if (key.starts_with("#hash#")) {
    // A hash table on the join's columns, and behind a colon the index that fills it.
    const std::size_t colon = key.find(':');
    node.index = colon == std::string_view::npos ? std::string_view{} : key.substr(colon + 1);
    out.join_condition = lookup_condition(columns(from), references);
    return;
  } else {
    node.index = key;
  }
  node.index_columns = columns(from);
  if (node.label != "range") {
    node.index_condition = lookup_condition(node.index_columns, references);
  }
  if (const auto filter = object_at(from, "rowid_filter")) {
    node.children.push_back(rowid_filter(*filter));
  }
}

// r_rows and r_filtered are averages over the loops, null where there were none; times and pages are totals.
// Source: Explain_table_access::print_explain_json() in MariaDB's sql_explain.cc. UPDATE and DELETE have no
// r_loops.
void read_run(const object& from, PlanNode& node) {
  if (!has(from, "r_loops") && !has(from, "r_rows")) {
    return;
  }
  ActualRun run;
  const auto read = number(from, "r_rows");
  const auto table_time = number(from, "r_table_time_ms");
  run.loops = clamped_rows(number(from, "r_loops").value_or(read ? 1 : 0));
  if (run.loops == 0 && table_time) {
    return;  // index_subquery: it ran, uncounted
  }
  const double rows = clamped_rows(read.value_or(0) * run.loops);
  const double kept = rows * std::clamp(number(from, "r_filtered").value_or(100) / 100, 0.0, 1.0);
  run.rows = Rows{kept};
  run.rows_removed_by_filter = Rows{rows - kept};
  const auto other_time = number(from, "r_other_time_ms");
  if (table_time || run.loops == 0) {
    run.time = Millis{table_time.value_or(0) + other_time.value_or(0)};
  }
  if (const auto pages = object_at(from, "r_engine_stats")) {
    // Counters that are zero are not printed.
    run.blocks_read = number(*pages, "pages_read_count").value_or(0);
    run.blocks_hit = std::max(0.0, number(*pages, "pages_accessed").value_or(0) - *run.blocks_read);
  }
  if (read && run.loops > 0) {
    node.rows_read = Rows{clamped_rows(*read)};
  }
  node.actual = run;
}

void read_estimate(const object& from, JoinedTable& out) {
  if (const auto rows = number(from, "rows")) {
    const double share = std::clamp(number(from, "filtered").value_or(100) / 100, 0.0, 1.0);
    out.node.rows_read = Rows{clamped_rows(*rows)};
    out.node.rows = Rows{clamped_rows(*rows) * share};
  }
  out.cost_of_all_loops = quantity<PlanCost>(number(from, "cost"));
}

}  // namespace

JoinedTable read_mariadb_table(const object& from, PlanLiterals literals, std::vector<std::string>& unknown,
                               SchemaNames& schemas) {
  JoinedTable out;
  const std::string_view condition = text(from, "attached_condition");
  read_identity(from, out.node, unknown);
  read_index(from, out);
  out.node.filter = shown_condition(condition, literals);
  out.node.index_condition =
      both(std::move(out.node.index_condition), shown_condition(text(from, "index_condition"), literals));
  read_estimate(from, out);
  read_run(from, out.node);
  out.join_type = has(from, "not_exists")                                 ? "Anti"
                  : has(from, "first_match")                              ? "Semi"
                  : condition.find("trigcond(") != std::string_view::npos ? "Left"
                                                                          : "";
  for (const std::string_view reference : texts(from, "ref")) {
    schemas.see_reference(reference);
  }
  return out;
}

// BNL reads the inner table once for each buffer of outer rows, BNLH hashes the buffer, BKA and BKAH look all
// its rows up together.
void read_join_buffer(const object& from, PlanLiterals literals, JoinedTable& out) {
  const std::string_view algorithm = text(from, "join_type");
  out.label = "block-nl-join";
  out.method = algorithm == "BNLH" ? JoinMethod::kHash : JoinMethod::kNestedLoop;
  out.buffered = algorithm == "BNL";
  out.join_filter = shown_condition(text(from, "attached_condition"), literals);
  const auto loops = number(from, "r_loops");
  const auto per_loop = number(from, "r_effective_rows");
  const auto kept = number(from, "r_filtered");
  if (loops && per_loop && kept) {
    out.rows_joined = clamped_rows(*loops * *per_loop * std::clamp(*kept / 100, 0.0, 1.0));
  }
}

}  // namespace planwise::explain
