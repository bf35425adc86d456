// One way of getting the rows of some units, with what it costs.
#pragma once

#include <cstdint>
#include <deque>
#include <set>
#include <string>
#include <vector>

#include "analyzer/cost_model/index_info.h"
#include "analyzer/cost_model/query.h"
#include "analyzer/model/plan.h"

namespace planwise::cost_model {

enum class PathKind : std::uint8_t {
  kResult,
  kSeqScan,
  kIndexScan,
  kBitmapScan,
  kSubquery,
  kNestedLoop,
  kHashJoin,
  kMergeJoin,
  kSort,
  kAggregate,
  kLimit,
  kGather,
  kAppend,
};

struct Path {
  PathKind kind = PathKind::kResult;
  double startup = 0;
  double total = 0;
  double rows = 1;
  double width = 8;
  double divisor = 1;  // above 1: one worker's share of a parallel plan, to be gathered
  std::vector<SortKey> order;
  std::vector<const Path*> children;
  const Unit* unit = nullptr;             // of a scan
  std::vector<const IndexInfo*> indexes;  // it reads
  bool covering = false;                  // index-only
  std::string condition;                  // keys that the index is searched by
  std::string filter;                     // keys of conditions checked row by row

  [[nodiscard]] bool partial() const { return divisor > 1; }
};

// Owns the paths of one planning.
using PathPool = std::deque<Path>;

// The path and all below as a plan, labelled as the server labels its nodes, its costs times `scale`.
[[nodiscard]] PlanNode plan_node(const Path& path, double scale);

// Positions in IndexSet::added, and names of existing indexes, that the path reads.
void collect_indexes(const Path& path, std::set<std::size_t>& added, std::set<std::string>& existing);

// Keeps `path` unless one of `paths` is as cheap, as early and as well ordered; drops those it makes
// needless. Costs within a hundredth are the same, as in add_path() (pathnode.c).
void add_path(std::vector<const Path*>& paths, const Path* path);

}  // namespace planwise::cost_model
