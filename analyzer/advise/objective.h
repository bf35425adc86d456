// The one figure the search raises: measured time given back by a set of indexes, less what the set costs.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "analyzer/advise/cost_cache.h"
#include "analyzer/advise/write_cost.h"

namespace planwise {

// All values share one unit: milliseconds of the workload's window, or planner cost times calls where no time
// was measured.
//
//   net(S) = sum over statements of  time * (1 - units under S / units now)  -  sum over S of price
//   price(i) = writes(i) + floor + storage * size(i) / size of all tables
//
// The units are the planner's cost; where the target's buffers were counted, the plan's work priced as the
// target reads pages. Either is believed for its ratio only, never for the time.
struct StatementWeight {
  double time = 0;      // what the statement takes now
  double cost_now = 0;  // the planner's, of one execution; 0 where it has no plan
  double units_now = 0;
  std::optional<PageTimes> pages;  // nullopt: the planner's cost counts

  // Of one execution by the plan.
  [[nodiscard]] double units(const CostAnswer& answer) const {
    return pages ? answer.work.units(*pages) : answer.cost;
  }
};

class Objective {
 public:
  struct Prices {
    double entry = 0;    // of one index entry written
    double floor = 0;    // of every index, whatever its size: gains below are not worth an index
    double storage = 0;  // of indexes as large as all tables together
    Bytes tables;
  };

  Objective(CostCache& cache, const CandidatePool& pool, const Schema& schema, WhatIf& what_if,
            std::vector<StatementWeight> weights, std::map<TableName, TableWrites> writes,
            const Prices& prices);

  [[nodiscard]] int statements() const { return static_cast<int>(weights_.size()); }
  [[nodiscard]] const StatementWeight& weight(int statement) const {
    return weights_[static_cast<std::size_t>(statement)];
  }
  [[nodiscard]] double total_time() const { return total_time_; }
  [[nodiscard]] double floor() const { return prices_.floor; }
  void set_prices(const Prices& prices);

  // Statements whose time any of the candidates could change, ascending: those with something to gain, and
  // those with LIMIT, which can lose.
  [[nodiscard]] std::vector<int> affected(const CandidateSet& candidates) const;
  // Time the statement gives back under the set, from what the cache knows: negative for a loss, 0 where
  // unknown.
  [[nodiscard]] double saved(int statement, const CandidateSet& set) const;
  // The most any set of candidates was seen to save of it.
  [[nodiscard]] double potential(int statement) const {
    return potential_[static_cast<std::size_t>(statement)];
  }
  void note_potential(int statement, double saved);

  // Appends what difference() needs to know.
  void add_questions(const CandidateSet& before, const CandidateSet& after, const CandidateSet& changed,
                     std::vector<CostQuestion>& out) const;
  // net(after) - net(before), of sets that differ in `changed`, as far as the cache knows them.
  [[nodiscard]] double difference(const CandidateSet& before, const CandidateSet& after,
                                  const CandidateSet& changed);
  [[nodiscard]] double price(int candidate);

  // The most difference() may come to by what is known so far, and the statements whose answers are missing
  // for `after`, those first that may lose or gain most. `before` must be known.
  struct Outlook {
    double most = 0;
    std::vector<int> open;
  };
  [[nodiscard]] Outlook outlook(const CandidateSet& before, const CandidateSet& after,
                                const CandidateSet& changed);

  // nullopt where the planner refuses the index (an expression that is not immutable).
  [[nodiscard]] std::optional<Bytes> size(int candidate);
  [[nodiscard]] Bytes size(const CandidateSet& set);  // refused ones count nothing
  [[nodiscard]] const TableWrites& writes(const TableName& table) const;
  [[nodiscard]] double write_price(int candidate) const { return write_price(pool_[candidate]); }
  // The same of indexes that are no candidates of the search, of a known size.
  [[nodiscard]] double write_price(const Candidate& made) const;
  [[nodiscard]] double price_of(const Candidate& made, Bytes size) const;

 private:
  CostCache& cache_;
  const CandidatePool& pool_;
  const Schema& schema_;
  WhatIf& what_if_;
  std::vector<StatementWeight> weights_;
  std::vector<double> potential_;
  std::map<TableName, TableWrites> writes_;
  Prices prices_;
  double total_time_ = 0;
  std::map<int, std::optional<Bytes>> sizes_;
  std::map<int, double> known_prices_;
};

}  // namespace planwise
