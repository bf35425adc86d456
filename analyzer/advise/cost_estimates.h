// What statements would cost under sets of indexes that the planner was not asked about, from its plans for
// other sets (plan_estimate.h). Not thread-safe.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <vector>

#include "analyzer/advise/cost_answer.h"
#include "analyzer/model/schema.h"

namespace planwise {

class CostEstimates {
 public:
  // Both must outlive this.
  CostEstimates(const Schema& schema, const CandidatePool& pool, const PageCosts& costs,
                std::size_t statements)
      : schema_(schema), pool_(pool), costs_(costs), statements_(statements) {}

  // A plan of the statement that the planner gave. Forgets what it estimated of the statement.
  void learn(int statement, const CostAnswer& answer);

  // The cheapest of the plans known, with what it lacks in `set` replaced; no less than `least`, in planner
  // cost. Unknown where no plan is. Stays valid until the next learn().
  [[nodiscard]] const CostAnswer& answer(int statement, const CandidateSet& set, double least);
  // Whether the set was estimated already.
  [[nodiscard]] const CostAnswer* find(int statement, const CandidateSet& set) const;

 private:
  struct Substitute {
    PlanWork work;
    double cost = 0;
    int candidate = -1;  // -1: a full scan
  };
  struct Place {
    double cost = 0;                 // of the read as the plan has it
    std::optional<Substitute> scan;  // nullopt: there is none
    std::map<int, std::optional<Substitute>> by_index;
  };
  struct KnownPlan {
    CostAnswer answer;
    std::vector<Place> places;  // as answer.reads
  };
  struct PerStatement {
    std::vector<KnownPlan> plans;
    std::map<CandidateSet, CostAnswer> estimates;
  };

  [[nodiscard]] std::optional<Substitute> substitute(const CostAnswer::Read& read, int candidate) const;
  // What replaces the read's indexes, all or some of which `set` lacks.
  [[nodiscard]] std::optional<Substitute> cheapest(const CostAnswer::Read& read, Place& place,
                                                   const CandidateSet& set) const;
  // The plan with what `set` has; nullopt where it cannot do without what it reads.
  [[nodiscard]] std::optional<CostAnswer> adapted(KnownPlan& plan, const CandidateSet& set) const;

  const Schema& schema_;
  const CandidatePool& pool_;
  const PageCosts costs_;
  std::vector<PerStatement> statements_;
};

}  // namespace planwise
