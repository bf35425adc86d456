// The cheapest plan of a query for the indexes that there are, as PostgreSQL's planner would look for it.
//
// Joins are searched left-deep, level by level, over the best few sets of units of each size, so that effort
// grows with the square of the number of tables. Source of the plan shapes: src/backend/optimizer/README.
#pragma once

#include <functional>
#include <map>
#include <span>
#include <utility>
#include <vector>

#include "analyzer/cost_model/path.h"
#include "analyzer/cost_model/scans.h"
#include "analyzer/cost_model/settings.h"

namespace planwise::cost_model {

// The indexes of a table that may be used; valid while the planner is.
using IndexesOf = std::function<std::span<const IndexInfo>(const Table& table)>;

class Planner {
 public:
  // Everything must outlive the planner.
  Planner(const Query& query, IndexesOf indexes, const CostSettings& settings)
      : query_(query), indexes_(std::move(indexes)), settings_(settings) {}

  // Lives as long as the planner.
  [[nodiscard]] const Path& plan() { return block(0, false, 1); }

  // The cheapest plan of one block; `bound`: with the values of outer blocks that it is correlated by, run
  // `loops` times.
  const Path& block(int number, bool bound, double loops);

  // Paths of one unit by itself, cheapest not first.
  std::vector<const Path*> unit_paths(int block, int unit, std::span<const Bound> bounds, double loops);

  const Path* keep(Path path) { return &pool_.emplace_back(std::move(path)); }
  [[nodiscard]] const CostSettings& settings() const { return settings_; }
  [[nodiscard]] const Query& query() const { return query_; }

 private:
  const Query& query_;
  IndexesOf indexes_;
  const CostSettings& settings_;
  PathPool pool_;
  std::map<std::pair<int, double>, const Path*> blocks_;  // block, loops (0: not bound)
};

// Every path worth keeping that joins all units of the block, some perhaps partial; never empty for a block
// with units.
[[nodiscard]] std::vector<const Path*> join_paths(Planner& planner, int block, bool bound, double loops);

// Grouping, sub-queries, order and limit on top of `inputs`; the cheapest.
[[nodiscard]] const Path* finish_block(Planner& planner, int block, std::span<const Path* const> inputs);

// Workers' rows brought together. Source: cost_gather().
[[nodiscard]] Path gathered(const Path& path, const CostSettings& settings, const Path* kept);

}  // namespace planwise::cost_model
