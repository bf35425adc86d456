#include "tests/support/plan_drawing.h"

#include <algorithm>
#include <array>
#include <optional>
#include <stdexcept>
#include <utility>

#include "tests/support/words.h"

namespace planwise::test {
namespace {

struct Label {
  std::string_view start;
  NodeKind kind;
};

// The first entry that the label starts with. Only what cases draw; the readers under analyzer/explain know
// all.
constexpr std::array<Label, 24> kLabels{{{"Seq Scan", NodeKind::kFullScan},
                                         {"Parallel Seq Scan", NodeKind::kFullScan},
                                         {"Index Only Scan", NodeKind::kIndexScan},
                                         {"Index Scan", NodeKind::kIndexScan},
                                         {"Bitmap Heap Scan", NodeKind::kBitmapScan},
                                         {"Bitmap Index Scan", NodeKind::kBitmapScan},
                                         {"Nested Loop", NodeKind::kJoin},
                                         {"Hash Join", NodeKind::kJoin},
                                         {"Merge Join", NodeKind::kJoin},
                                         {"Incremental Sort", NodeKind::kSort},
                                         {"Sort", NodeKind::kSort},
                                         {"Unique", NodeKind::kAggregate},
                                         {"Group", NodeKind::kAggregate},
                                         {"HashAggregate", NodeKind::kAggregate},
                                         {"Aggregate", NodeKind::kAggregate},
                                         {"Materialize", NodeKind::kMaterialize},
                                         {"Memoize", NodeKind::kMaterialize},
                                         {"Limit", NodeKind::kLimit},
                                         {"Append", NodeKind::kUnion},
                                         {"Subquery Scan", NodeKind::kSubquery},
                                         {"ModifyTable", NodeKind::kWrite},
                                         {"Result", NodeKind::kResult},
                                         {"Gather", NodeKind::kOther},
                                         {"Hash", NodeKind::kOther}}};

std::vector<std::string> keys_of(Attributes& attributes, const std::string& name) {
  const auto text = attributes.text(name);
  return text ? comma_list(unwrapped(*text)) : std::vector<std::string>{};
}

std::optional<Rows> rows(std::optional<double> count) {
  return count ? std::optional(Rows{*count}) : std::nullopt;
}

void read_run(Attributes& attributes, PlanNode& node) {
  const auto loops = attributes.number("loops");
  if (!loops) {
    return;
  }
  ActualRun run;
  run.loops = *loops;
  run.rows = Rows{attributes.number("actual").value_or(0)};
  run.time = attributes.duration("time");
  run.rows_removed_by_filter = rows(attributes.number("removed"));
  run.rows_removed_by_join_filter = rows(attributes.number("removed-join"));
  run.temp_blocks_written = attributes.number("temp-written");
  run.disk_used = attributes.size("disk");
  run.hash_batches = attributes.number("batches");
  run.heap_fetches = attributes.number("heap-fetches");
  node.actual = run;
}

void read_attributes(Attributes& attributes, PlanNode& node) {
  node.rows = Rows{attributes.number("rows").value_or(0)};
  node.rows_read = rows(attributes.number("read"));
  const auto workers = attributes.number("workers");
  node.workers = workers ? std::optional(static_cast<int>(*workers)) : std::nullopt;
  const auto cost = attributes.number("cost");
  const auto startup = attributes.number("startup");
  const auto width = attributes.number("width");
  node.width = width ? std::optional(Bytes{static_cast<std::int64_t>(*width)}) : std::nullopt;
  node.cost = cost ? std::optional(PlanCost{*cost}) : std::nullopt;
  node.startup_cost = startup ? std::optional(PlanCost{*startup}) : std::nullopt;
  node.filter = attributes.text("filter").value_or("");
  node.index_condition = attributes.text("cond").value_or("");
  node.recheck_condition = attributes.text("recheck").value_or("");
  node.join_condition = attributes.text("join").value_or("");
  node.join_filter = attributes.text("join-filter").value_or("");
  node.sort_keys = keys_of(attributes, "sort");
  node.presorted_keys = keys_of(attributes, "presorted");
  node.group_keys = keys_of(attributes, "group");
  node.join_type = attributes.text("type").value_or(node.join ? "Inner" : "");
  node.subplan = identifier(attributes.text("subplan").value_or(""));
  node.covering = attributes.flag("covering") || node.label == "Index Only Scan";
  const std::array<std::pair<const char*, const char*>, 4> relationships{
      {{"inner", "Inner"}, {"outer", "Outer"}, {"init", "InitPlan"}, {"sub", "SubPlan"}}};
  for (const auto& [flag, name] : relationships) {
    if (attributes.flag(flag)) {
      node.relationship = name;
    }
  }
  read_run(attributes, node);
  attributes.done();
}

PlanNode parse_node(const std::string& line) {
  const std::vector<std::string> words = words_of(line);
  PlanNode node;
  std::size_t at = 0;
  const auto is_attribute = [](const std::string& word) {
    static constexpr std::array<std::string_view, 6> kFlags{"inner", "outer",    "init",
                                                            "sub",   "covering", "on"};
    return word.find('=') != std::string::npos || std::ranges::find(kFlags, word) != kFlags.end();
  };
  for (; at < words.size() && words[at] != "using" && !is_attribute(words[at]); ++at) {
    node.label += (node.label.empty() ? "" : " ") + words[at];
  }
  const auto* const known = std::ranges::find_if(
      kLabels, [&](const Label& label) { return std::string_view(node.label).starts_with(label.start); });
  if (known == kLabels.end()) {
    throw std::runtime_error("a plan does not know: " + line);
  }
  node.kind = known->kind;
  if (node.kind == NodeKind::kJoin) {
    node.join = known->start == "Nested Loop" ? JoinMethod::kNestedLoop
                : known->start == "Hash Join" ? JoinMethod::kHash
                                              : JoinMethod::kMerge;
  }
  if (at < words.size() && words[at] == "using") {
    node.index = identifier(words.at(at + 1));
    at += 2;
  }
  if (at < words.size() && words[at] == "on") {
    const TableName name = table_name(words.at(at + 1));
    node.schema = name.schema;
    node.table = name.table;
    node.alias = name.table;
    at += 2;
    if (at < words.size() && !is_attribute(words[at])) {
      node.alias = identifier(words[at++]);
    }
  }
  Attributes attributes({words.begin() + static_cast<std::ptrdiff_t>(at), words.end()});
  read_attributes(attributes, node);
  return node;
}

std::size_t depth_of(const std::string& line) {
  return line.find_first_not_of(' ') / 2;
}

// Takes the lines of one node and all deeper ones that follow it.
PlanNode take_tree(const std::vector<std::string>& lines, std::size_t& at) {
  const std::size_t depth = depth_of(lines[at]);
  PlanNode node = parse_node(lines[at++]);
  while (at < lines.size() && depth_of(lines[at]) > depth) {
    node.children.push_back(take_tree(lines, at));
  }
  return node;
}

}  // namespace

PlanNode parse_plan(const std::vector<std::string>& lines) {
  if (lines.empty()) {
    throw std::runtime_error("a plan without a node");
  }
  std::size_t at = 0;
  PlanNode root = take_tree(lines, at);
  if (at != lines.size()) {
    throw std::runtime_error("a plan has one root, not two: " + lines[at]);
  }
  return root;
}

}  // namespace planwise::test
