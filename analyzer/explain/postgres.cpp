#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "analyzer/explain/explain.h"
#include "analyzer/explain/json_fields.h"
#include "analyzer/explain/node_names.h"
#include "analyzer/explain/readers.h"
#include "analyzer/sql/fingerprint.h"

namespace planwise::explain {
namespace {

std::optional<Bytes> kilobytes(std::optional<double> value) {
  return value && *value > 0 ? std::optional(Bytes{std::llround(*value * 1024)}) : std::nullopt;
}

// Releases before 18 add this to the cost of a node that is switched off. Source: disable_cost in costsize.c.
constexpr double kDisableCost = 1e10;

double disabled_nodes(const std::optional<PlanCost>& cost) {
  return cost ? std::floor(cost->units / kDisableCost) : 0;
}

class Reader {
 public:
  Reader(PlanLiterals literals, std::vector<std::string>& unknown) : literals_(literals), unknown_(unknown) {}

  // Recursion is bounded by the parser's depth limit.
  PlanNode read(const object& from) {
    PlanNode node;
    read_identity(from, node);
    read_conditions(from, node);
    read_estimate(from, node);
    read_actual(from, node);
    for_each_object(from, "Plans", [&](const object& child) { node.children.push_back(read(child)); });
    double below = 0;
    for (const PlanNode& child : node.children) {
      below += disabled_nodes(child.cost);
    }
    node.disabled = node.disabled || disabled_nodes(node.cost) > below;
    return node;
  }

 private:
  void read_identity(const object& from, PlanNode& node) {
    node.label = text(from, "Node Type");
    const NodeName* const known = find_postgres_node(node.label);
    if (known != nullptr) {
      node.kind = known->kind;
      node.join = known->join;
    } else if (std::ranges::find(unknown_, node.label) == unknown_.end()) {
      unknown_.push_back(node.label);
    }
    node.relationship = text(from, "Parent Relationship");
    node.subplan = text(from, "Subplan Name");
    node.schema = text(from, "Schema");
    node.table = text(from, "Relation Name");
    node.alias = text(from, "Alias");
    node.index = text(from, "Index Name");
    node.join_type = text(from, "Join Type");
    node.covering = node.label == "Index Only Scan";
    // Without a condition every entry is read; ORDER BY distance walks from the nearest one.
    const bool everything = text(from, "Index Cond").empty() && from["Order By"].error() != simdjson::SUCCESS;
    if (node.kind == NodeKind::kIndexScan && everything) {
      node.kind = NodeKind::kFullIndexScan;
    }
    node.disabled = is_true(from, "Disabled");
  }

  void read_conditions(const object& from, PlanNode& node) {
    node.filter = condition(from, "Filter");
    if (node.filter.empty()) {
      node.filter = condition(from, "One-Time Filter");
    }
    node.index_condition = condition(from, "Index Cond");
    node.recheck_condition = condition(from, "Recheck Cond");
    node.join_condition = condition(from, node.join == JoinMethod::kMerge ? "Merge Cond" : "Hash Cond");
    node.join_filter = condition(from, "Join Filter");
    node.sort_keys = conditions(from, "Sort Key");
    node.presorted_keys = conditions(from, "Presorted Key");
    node.group_keys = conditions(from, "Group Key");
  }

  static void read_estimate(const object& from, PlanNode& node) {
    node.rows = Rows{number(from, "Plan Rows").value_or(0)};
    node.startup_cost = quantity<PlanCost>(number(from, "Startup Cost"));
    node.cost = quantity<PlanCost>(number(from, "Total Cost"));
    if (const auto width = number(from, "Plan Width")) {
      node.width = Bytes{std::llround(*width)};
    }
    if (const auto workers = number(from, "Workers Planned")) {
      node.workers = static_cast<int>(std::clamp(*workers, 0.0, 1e6));
    }
  }

  // PostgreSQL prints rows, times and removed rows as averages per loop, where each parallel worker's run is
  // a loop; all else as totals. Source: ExplainNode() and show_instrumentation_count() in explain.c.
  static void read_actual(const object& from, PlanNode& node) {
    const auto loops = number(from, "Actual Loops");
    if (!loops) {
      return;
    }
    const auto total = [&](std::string_view key) {
      const auto average = number(from, key);
      return average ? std::optional(*average * *loops) : std::nullopt;
    };
    ActualRun run;
    run.loops = *loops;
    run.rows = Rows{total("Actual Rows").value_or(0)};
    run.time = quantity<Millis>(total("Actual Total Time"));
    run.rows_removed_by_filter = quantity<Rows>(total("Rows Removed by Filter"));
    run.rows_removed_by_join_filter = quantity<Rows>(total("Rows Removed by Join Filter"));
    run.rows_removed_by_recheck = quantity<Rows>(total("Rows Removed by Index Recheck"));
    run.heap_fetches = number(from, "Heap Fetches");
    run.exact_heap_blocks = number(from, "Exact Heap Blocks");
    run.lossy_heap_blocks = number(from, "Lossy Heap Blocks");
    run.blocks_hit = number(from, "Shared Hit Blocks");
    run.blocks_read = number(from, "Shared Read Blocks");
    run.temp_blocks_read = number(from, "Temp Read Blocks");
    run.temp_blocks_written = number(from, "Temp Written Blocks");
    run.disk_used = disk_used(from);
    run.hash_batches = number(from, node.label == "Hash" ? "Hash Batches" : "HashAgg Batches");
    const bool reads_table = node.kind == NodeKind::kFullScan || node.kind == NodeKind::kIndexScan ||
                             node.kind == NodeKind::kFullIndexScan;
    if (reads_table && *loops > 0) {
      const Rows removed = run.rows_removed_by_filter.value_or(Rows{});
      node.rows_read = Rows{(run.rows.count + removed.count) / *loops};
    }
    node.actual = run;
  }

  // Of the node and its workers together; nullopt if nothing went to disk.
  static std::optional<Bytes> disk_used(const object& from) {
    const auto own = [](const object& part) {
      const bool sorted_on_disk = text(part, "Sort Space Type") == "Disk";
      return number(part, sorted_on_disk ? "Sort Space Used" : "Disk Usage").value_or(0);
    };
    double total = own(from);
    for_each_object(from, "Workers", [&](const object& worker) { total += own(worker); });
    return kilobytes(total);
  }

  [[nodiscard]] std::string condition(const object& from, std::string_view key) const {
    return shown(text(from, key));
  }

  [[nodiscard]] std::vector<std::string> conditions(const object& from, std::string_view key) const {
    std::vector<std::string> out;
    array items;
    if (from[key].get_array().get(items) == simdjson::SUCCESS) {
      for (const element item : items) {
        std::string_view entry;
        if (item.get_string().get(entry) == simdjson::SUCCESS) {
          out.push_back(shown(entry));
        }
      }
    }
    return out;
  }

  [[nodiscard]] std::string shown(std::string_view expression) const {
    return literals_ == PlanLiterals::kKept ? std::string(expression) : masked(expression, Engine::kPostgres);
  }

  PlanLiterals literals_;
  std::vector<std::string>& unknown_;
};

void read_times(const object& root, Plan& plan) {
  plan.planning_time = quantity<Millis>(number(root, "Planning Time"));
  plan.execution_time = quantity<Millis>(number(root, "Execution Time"));
  double jit = 0;
  if (root["JIT"]["Timing"]["Total"].get_double().get(jit) == simdjson::SUCCESS) {
    plan.jit_time = Millis{jit};
  }
}

}  // namespace

Result<Plan> read_postgres(const object& root, PlanLiterals literals) {
  const auto top = object_at(root, "Plan");
  if (!top) {
    return Error{ErrorCode::kMalformed, "the document holds no plan"};
  }
  Plan plan{.source = PlanSource::kRecorded};
  plan.root = Reader(literals, plan.unknown_nodes).read(*top);
  read_times(root, plan);
  return plan;
}

}  // namespace planwise::explain
