// One execution plan, in terms that PostgreSQL, MySQL and MariaDB plans share (CONTRACT: "A plan node").
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/base/units.h"
#include "analyzer/model/schema.h"

namespace planwise {

enum class NodeKind : std::uint8_t {
  kFullScan,
  kFullIndexScan,
  kIndexScan,
  kBitmapScan,
  kJoin,
  kSort,
  kAggregate,
  kMaterialize,
  kLimit,
  kUnion,
  kSubquery,
  kWindow,
  kWrite,
  kResult,
  kOther,
};
enum class JoinMethod : std::uint8_t { kNestedLoop, kHash, kMerge };

[[nodiscard]] std::string_view to_string(NodeKind kind) noexcept;      // "full-scan", ...
[[nodiscard]] std::string_view to_string(JoinMethod method) noexcept;  // "nested-loop", "hash", "merge"

// What really happened, from EXPLAIN ANALYZE or auto_explain. Totals over all loops, never per loop. All zero
// for a node that was never executed. What the plan did not say is nullopt.
struct ActualRun {
  Rows rows;
  double loops = 0;
  std::optional<Millis> time;  // nullopt with TIMING OFF
  std::optional<Rows> rows_removed_by_filter;
  std::optional<Rows> rows_removed_by_join_filter;
  std::optional<Rows> rows_removed_by_recheck;
  std::optional<double> heap_fetches;
  std::optional<double> exact_heap_blocks;
  std::optional<double> lossy_heap_blocks;
  std::optional<double> blocks_hit;
  std::optional<double> blocks_read;
  std::optional<double> temp_blocks_read;
  std::optional<double> temp_blocks_written;
  std::optional<Bytes> disk_used;      // by a sort or hash aggregate that spilled
  std::optional<double> hash_batches;  // above 1 a hash went to disk
  std::optional<double> sort_passes;   // merges of a sort's files: above 0 it went to disk
};

struct PlanNode {
  NodeKind kind = NodeKind::kOther;
  std::string label;         // the engine's own node name, for display
  std::string relationship;  // to its parent: "Outer", "Inner", "InitPlan" (runs once), "SubPlan" (may run
                             // again); or empty
  std::string
      subplan;  // as conditions name it: "SubPlan 1", "CTE recent", "select #2", "subquery#2"; or empty
  std::string schema;  // empty where the engine does not tell
  std::string table;
  std::string alias;
  std::string index;
  std::vector<std::string>
      index_columns;      // those of the index that are used; empty where the engine does not tell
  bool covering = false;  // index-only
  std::optional<JoinMethod> join;
  std::string join_type;  // "Inner", "Left", "Semi", "Anti", ...; empty where it is no join or the engine
                          // does not tell

  std::string filter;           // applied after the row was read; empty if none
  std::string index_condition;  // used to find rows in the index
  std::string recheck_condition;
  std::string join_condition;  // hash or merge condition
  std::string join_filter;     // applied after the join
  std::vector<std::string> sort_keys;
  std::vector<std::string> presorted_keys;  // of an incremental sort
  std::vector<std::string> group_keys;

  Rows rows;                      // handed on per loop after the filter, as estimated
  std::optional<Rows> rows_read;  // read per loop, where the engine tells
  std::optional<PlanCost> startup_cost;
  std::optional<PlanCost> cost;     // total, children included
  std::optional<Bytes> width;       // average row
  std::optional<int> workers;       // planned parallel workers
  bool disabled = false;            // chosen although switched off
  std::optional<ActualRun> actual;  // nullopt without ANALYZE
  std::vector<PlanNode> children;

  // "public.orders", or just the table where no schema is known; empty for a node that reads no table.
  [[nodiscard]] std::string qualified_table() const;
};

// How the statement's parameters were filled in to plan it.
enum class PlanSource : std::uint8_t {
  kAsIs,        // no parameters, or literals in the text
  kParameters,  // real values from activity or logs
  kStatistics,  // constants drawn from the column statistics
  kGeneric,     // GENERIC_PLAN or a forced generic plan
  kRecorded,    // read from a document or a log
};
[[nodiscard]] std::string_view to_string(PlanSource source) noexcept;  // "as-is", "parameters", ...

struct Plan {
  PlanNode root;
  PlanSource source = PlanSource::kAsIs;
  std::optional<Millis> planning_time;
  std::optional<Millis> execution_time;
  std::optional<Millis> jit_time;
  std::vector<std::string>
      unknown_nodes;  // labels read as kOther because this version of planwise does not know them
};

// Calls visit(node, path) for every node, parents first. The path of the root is "0", of its second child
// "0.1".
void walk(const Plan& plan, const std::function<void(const PlanNode&, const std::string& path)>& visit);

// Calls visit(node, ancestors) for every node, parents first; ancestors.back() is the parent.
void walk_with_ancestors(
    const Plan& plan,
    const std::function<void(const PlanNode&, const std::vector<const PlanNode*>& ancestors)>& visit);

}  // namespace planwise
