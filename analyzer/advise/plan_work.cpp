#include "analyzer/advise/plan_work.h"

#include <algorithm>
#include <utility>

#include "analyzer/advise/limit_risk.h"
#include "analyzer/cost_model/settings.h"

namespace planwise {
namespace {

// The planner's defaults (src/include/optimizer/cost.h): what it charges for a tuple found through an index,
// with the comparison of one key.
constexpr double kTupleCost = 0.01;
constexpr double kIndexTupleCost = 0.005 + 0.0025 + kTupleCost;
// A read that was not timed and did not come from shared buffers: a copy from the operating system's cache.
constexpr PageTimes kCopied{0.5, 0.7};

PageTimes mixed(double hit_share, const PageTimes& missed) {
  return {hit_share * kCached.sequential + (1 - hit_share) * missed.sequential,
          hit_share * kCached.random + (1 - hit_share) * missed.random};
}

class Sum {
 public:
  Sum(const Schema& schema, const PageCosts& costs) : schema_(schema), costs_(costs) {}

  // Adds the work of the node as often as it runs: `total` is its cost over all of its loops.
  void add(const PlanNode& node, double total, bool correlated = false) {
    const double once = node.cost ? node.cost->units : 0;
    if (once <= 0 || total <= 0) {
      return;
    }
    const double loops = total / once;
    const PlanWork before = reading_.work;
    double rest = total;
    if (const double own = scan_cost(node); own > 0) {
      rest -= add_scan(node, std::min(rest, own * loops), loops);
    }
    const bool all = waits_for_rare_rows(node, schema_);
    for (std::size_t i = 0; i < node.children.size(); ++i) {
      const PlanNode& child = node.children[i];
      const double cost = child.cost ? child.cost->units : 0;
      const bool is_inner = node.join == JoinMethod::kNestedLoop && i == 1;
      const double runs = is_inner ? std::max(1.0, node.children.front().rows.count) : 1;
      const double wanted = cost * runs * loops;
      // A child cannot take more than its parent's cost leaves, but for a LIMIT that is not to be trusted:
      // repeated runs of a materialised one are cheaper, and a LIMIT stops its child.
      const double given = all ? wanted : std::min(wanted, rest);
      add(child, given, correlated || child.relationship == "SubPlan");
      rest = std::max(0.0, rest - given);
    }
    reading_.work.cpu += rest;
    if (is_scan(node) && node.kind != NodeKind::kFullScan && !node.table.empty()) {
      note_read(node, loops, before, correlated);
    }
  }

  [[nodiscard]] PlanReading take() { return std::move(reading_); }

 private:
  static bool is_scan(const PlanNode& node) {
    return node.kind == NodeKind::kFullScan || node.kind == NodeKind::kIndexScan ||
           node.kind == NodeKind::kFullIndexScan || node.kind == NodeKind::kBitmapScan;
  }

  // Of one run, without what sub-plans in its conditions and the index part of a bitmap scan cost.
  static double scan_cost(const PlanNode& node) {
    double below = 0;
    for (const PlanNode& child : node.children) {
      below += child.cost ? child.cost->units : 0;
    }
    return is_scan(node) && node.cost ? std::max(0.0, node.cost->units - below) : 0;
  }

  // The indexes of a bitmap heap scan stand below it.
  static void note_indexes(const PlanNode& node, IndexRead& read) {
    if (!node.index.empty()) {
      read.indexes.push_back(node.index);
      read.condition += (read.condition.empty() ? "" : " AND ") + node.index_condition;
    }
    for (const PlanNode& child : node.children) {
      if (child.kind == NodeKind::kBitmapScan && child.table.empty()) {
        note_indexes(child, read);
      }
    }
  }

  void note_read(const PlanNode& node, double loops, const PlanWork& before, bool correlated) {
    IndexRead read;
    read.covering = node.covering;
    read.ordered = node.kind != NodeKind::kBitmapScan;
    read.correlated = correlated;
    read.loops = loops;
    read.rows = node.rows.count * loops;
    read.work = reading_.work;
    read.work -= before;
    note_indexes(node, read);
    reading_.reads.push_back(std::move(read));
  }

  // Returns what of `total` is now accounted for.
  double add_scan(const PlanNode& node, double total, double loops) {
    if (node.kind == NodeKind::kFullScan) {
      const Table* table = schema_.resolve(node.schema, node.table);
      const double pages = table == nullptr ? 0 : static_cast<double>(table->pages) * costs_.sequential;
      const double reads = std::min(total, pages * loops);
      reading_.work.sequential_pages += costs_.sequential > 0 ? reads / costs_.sequential : 0;
      reading_.work.cpu += total - reads;
      return total;
    }
    const double tuples = std::min(total, node.rows.count * kIndexTupleCost * loops);
    reading_.work.cpu += tuples;
    reading_.work.random_pages += costs_.random > 0 ? (total - tuples) / costs_.random : 0;
    return total;
  }

  const Schema& schema_;
  const PageCosts costs_;
  PlanReading reading_;
};

}  // namespace

PageCosts page_costs(const Snapshot& snapshot) {
  const cost_model::CostSettings settings = cost_model::cost_settings(snapshot);
  return {settings.seq_page, settings.random_page};
}

std::optional<PageTimes> measured_page_times(const StatementStats& stats, const Snapshot& snapshot) {
  const auto hit = static_cast<double>(stats.blocks_hit.value_or(0));
  const auto read = static_cast<double>(stats.blocks_read.value_or(0));
  if (hit + read <= 0) {
    if (!snapshot.database || snapshot.database->blocks_hit + snapshot.database->blocks_read <= 0) {
      return std::nullopt;
    }
    const auto all = static_cast<double>(snapshot.database->blocks_hit + snapshot.database->blocks_read);
    return mixed(static_cast<double>(snapshot.database->blocks_hit) / all, kCopied);
  }
  PageTimes missed = kCopied;
  if (stats.io_time && stats.io_time->count() > 0 && read > 0) {
    const double units = stats.io_time->count() / read / kMillisPerUnit;
    missed = {std::clamp(units, kCopied.sequential, kCold.random),
              std::clamp(units, kCopied.random, kCold.random)};
  }
  return mixed(hit / (hit + read), missed);
}

PlanReading work_of(const Plan& plan, const Schema& schema, const PageCosts& costs) {
  Sum sum(schema, costs);
  sum.add(plan.root, plan.root.cost ? plan.root.cost->units : 0);
  return sum.take();
}

}  // namespace planwise
