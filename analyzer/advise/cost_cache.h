// What statements cost under sets of candidate indexes, each question asked of the planner once.
//
// Two facts spare most questions. A plan depends only on the indexes of the statement's own tables. And a
// plan chosen with the set S that reads the indexes U is also the plan for every set between U and S, because
// taking away what a plan does not read takes away only plans that had lost. The second is the "atomic
// configuration" of Chaudhuri and Narasayya, "An Efficient, Cost-Driven Index Selection Tool" (VLDB 1997).
// Beyond them, an index more never makes a plan dearer, so that what is known of smaller and of larger sets
// bounds what is not; where the bounds lie within a tolerance the question is not worth asking. Source: Wang
// et al., "Wii: Dynamic Budget Reallocation in Index Tuning" (SIGMOD 2024). Not thread-safe.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "analyzer/advise/cost_estimates.h"
#include "analyzer/base/result.h"
#include "analyzer/model/snapshot.h"
#include "analyzer/what_if.h"

namespace planwise {

struct CostedStatement {
  StatementId id;
  std::map<TableName, std::set<std::string>> columns;  // it reads of each table
  bool limited = false;                                // has LIMIT: an index more may lead it astray
};

struct CostQuestion {
  int statement = 0;
  CandidateSet set;
};

class CostCache {
 public:
  // Everything must outlive the cache.
  CostCache(WhatIf& what_if, const Snapshot& snapshot, const CandidatePool& pool,
            std::span<const CostedStatement> statements);

  // How many statement costings may be asked of the WhatIf in all, and what ends them early: asked before
  // each round, its first yes is its last word until the next limit.
  void set_limit(std::int64_t questions, std::function<bool()> hurry = {});

  // The candidates of `set` that the statement could use: on its tables, with a leading key that it reads.
  [[nodiscard]] CandidateSet relevant(int statement, const CandidateSet& set) const;
  [[nodiscard]] bool is_relevant(int statement, int candidate) const;
  // The statements that read the table, ascending.
  [[nodiscard]] const std::vector<int>& readers(const TableName& table) const;
  [[nodiscard]] const CostedStatement& statement(int number) const {
    return statements_[static_cast<std::size_t>(number)];
  }
  // False for a statement that an index more leaves as it is: it has nothing to gain, and no LIMIT to be led
  // astray.
  [[nodiscard]] bool may_change(int statement, bool gains) const {
    return gains || statements_[static_cast<std::size_t>(statement)].limited;
  }

  // How far apart, in planner cost, bounds of the statement's cost may lie for the upper one to be its
  // answer; 0, as at first, for exact answers only. Statements with LIMIT, whose cautious cost an index more
  // may raise, are always asked about.
  void set_tolerance(int statement, double cost) { tolerance_[static_cast<std::size_t>(statement)] = cost; }

  // While on, what is not known is estimated (cost_estimates.h) and nothing is asked.
  void set_estimating(bool on) { estimating_ = on; }

  // Asks what is not known yet, in as few rounds as index sets allow. Leaves questions unanswered once the
  // limit is reached or the session is lost.
  void ask(const std::vector<CostQuestion>& questions);

  // nullptr where it was never asked and does not follow. Stays valid until the next ask().
  [[nodiscard]] const CostAnswer* find(int statement, const CandidateSet& set) const;
  // At least what the statement costs under the set: the most that is known of a larger one. 0 where none is.
  [[nodiscard]] double lower_bound(int statement, const CandidateSet& set) const;
  // The cheapest answers with an index in them, one for each set of indexes read, at most `most`.
  [[nodiscard]] std::vector<const CostAnswer*> best_known(int statement, std::size_t most) const;

  [[nodiscard]] std::int64_t questions() const { return questions_; }
  [[nodiscard]] bool exhausted() const { return lost_ || hurried_ || questions_ >= limit_; }
  // Why the session was lost, if it was. What was learnt before stays.
  [[nodiscard]] const std::optional<Error>& lost() const { return lost_; }

 private:
  struct Entry {
    CandidateSet available;
    CostAnswer answer;
  };
  struct Batch;

  void look_at_clock() { hurried_ = hurried_ || (hurry_ && hurry_()); }
  [[nodiscard]] bool could_use(int statement, int candidate) const;
  [[nodiscard]] const CostAnswer* bounded(int statement, const CandidateSet& relevant) const;
  [[nodiscard]] const CostAnswer* lookup(int statement, const CandidateSet& relevant) const;
  void run(const Batch& batch);
  void keep(int statement, const CandidateSet& available, const CandidateSet& offered, StatementCost cost);
  void note_plan(const StatementCost& cost, const CandidateSet& offered, CostAnswer& answer) const;

  WhatIf& what_if_;
  const Schema& schema_;
  const PageCosts page_costs_;
  const CandidatePool& pool_;
  std::span<const CostedStatement> statements_;
  const bool skip_scan_;
  std::int64_t limit_ = 0;
  std::function<bool()> hurry_;
  bool hurried_ = false;
  std::optional<Error> lost_;
  std::int64_t questions_ = 0;
  bool estimating_ = false;
  mutable CostEstimates estimates_;
  std::map<TableName, std::vector<int>> readers_;
  mutable std::vector<std::vector<signed char>>
      relevance_;                            // by statement and candidate: -1 not looked at yet
  std::vector<double> tolerance_;            // by statement
  std::vector<std::vector<Entry>> entries_;  // by statement
  std::vector<std::map<CandidateSet, std::size_t>> exact_;  // position in entries_
};

}  // namespace planwise
