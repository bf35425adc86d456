// What the planner said of one statement under one set of candidate indexes.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "analyzer/advise/candidates.h"
#include "analyzer/advise/plan_work.h"

namespace planwise {

using CandidateSet = std::vector<int>;  // positions in a CandidatePool, ascending

// Every candidate once, numbered in the order of arrival.
class CandidatePool {
 public:
  int add(Candidate candidate);
  [[nodiscard]] const Candidate& operator[](int position) const {
    return candidates_[static_cast<std::size_t>(position)];
  }
  [[nodiscard]] int size() const { return static_cast<int>(candidates_.size()); }

 private:
  std::vector<Candidate> candidates_;
  std::map<IndexDef, int> positions_;
};

struct CostAnswer {
  // A place where the plan reads a table by candidates.
  struct Read {
    IndexRead read;
    CandidateSet candidates;
  };

  bool known = false;  // false: it could not be planned
  double cost = 0;     // cautious_cost() of the plan
  PlanWork work;       // the same, taken apart; as CPU alone where the WhatIf gives no plan
  int joins = 0;       // in the plan
  CandidateSet used;   // by the plan
  std::vector<Read> reads;
  std::vector<std::string> used_existing;  // by the plan
  std::string error;
};

}  // namespace planwise
