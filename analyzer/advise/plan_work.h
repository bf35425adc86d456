// A plan's cost taken apart into what it reads and what it computes, so that it can be priced as the target
// runs: the planner's default prices take every page for a read from disk, however well it is cached.
#pragma once

#include <string>
#include <vector>

#include "analyzer/model/plan.h"
#include "analyzer/model/snapshot.h"

namespace planwise {

// What the planner charges for a page (seq_page_cost, random_page_cost).
struct PageCosts {
  double sequential = 1;
  double random = 4;
};
[[nodiscard]] PageCosts page_costs(const Snapshot& snapshot);  // the server's settings, else the defaults

// What reading a page takes, in the planner's unit of CPU work: cpu_tuple_cost is 0.01 of it.
struct PageTimes {
  double sequential = 0;
  double random = 0;
};

struct PlanWork {
  double cpu = 0;               // in the planner's unit
  double sequential_pages = 0;  // read in order
  double random_pages = 0;      // read wherever an index points

  [[nodiscard]] double units(const PageTimes& pages) const {
    return cpu + sequential_pages * pages.sequential + random_pages * pages.random;
  }
  // At the planner's own prices: its cost.
  [[nodiscard]] double cost(const PageCosts& pages) const { return units({pages.sequential, pages.random}); }
  PlanWork& operator+=(const PlanWork& other) {
    cpu += other.cpu;
    sequential_pages += other.sequential_pages;
    random_pages += other.random_pages;
    return *this;
  }
  PlanWork& operator-=(const PlanWork& other) {
    cpu -= other.cpu;
    sequential_pages -= other.sequential_pages;
    random_pages -= other.random_pages;
    return *this;
  }
};

// All pages found in shared buffers, and none of them: what the truth lies between. Measured on PostgreSQL
// 15: a CPU unit takes some 6 microseconds; a buffer hit 0.2 in a full scan, 0.7 through an index; a read
// from a solid-state disk 12 and 90.
inline constexpr PageTimes kCached{0.035, 0.12};
inline constexpr PageTimes kCold{2, 15};
inline constexpr double kMillisPerUnit = 0.006;

// Page times of one statement, from its blocks hit and read and its I/O time; from the whole database's where
// the statement has none; nullopt where nothing was counted. Reads without a time are taken to come from the
// operating system's cache, which track_io_timing would tell.
[[nodiscard]] std::optional<PageTimes> measured_page_times(const StatementStats& stats,
                                                           const Snapshot& snapshot);

// One place where a plan reads a table by an index: an index scan, or a bitmap scan with all its indexes.
struct IndexRead {
  std::vector<std::string> indexes;  // as the plan names them
  std::string condition;             // what is looked up in the index; empty where it only gives order
  bool covering = false;             // index-only
  bool ordered = false;              // hands its rows on in the index's order
  bool correlated = false;           // in a sub-plan, whose number of runs the plan does not tell
  double loops = 1;
  double rows = 0;  // handed on by all loops
  PlanWork work;    // of all loops
};

struct PlanReading {
  PlanWork work;  // of the whole plan, what `reads` take included
  std::vector<IndexRead> reads;
};

// From the plan's costs per node (costsize.c: what a scan does not charge for its tuples it charges for
// pages). Work below a LIMIT that must not rely on finding its rows early (waits_for_rare_rows()) counts in
// full. `plan` must have costs.
[[nodiscard]] PlanReading work_of(const Plan& plan, const Schema& schema, const PageCosts& costs);

}  // namespace planwise
