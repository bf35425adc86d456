#include "analyzer/advise/ordering.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <utility>

namespace planwise {
namespace {

class Dismantling {
 public:
  Dismantling(SearchSpace& space, CandidateSet chosen) : space_(space), standing_(std::move(chosen)) {}

  // Last is what is missed least.
  std::vector<CandidateSet> run() {
    std::vector<CandidateSet> order;
    weigh(standing_);
    while (!standing_.empty() && !space_.cache.exhausted()) {
      const int candidate = missed_least();
      if (stale_.erase(candidate) > 0) {
        weigh({candidate});
        continue;
      }
      std::erase(standing_, candidate);
      for (const int other : standing_) {
        if (share_statements(candidate, other)) {
          stale_.insert(other);
        }
      }
      order.push_back({candidate});
    }
    if (!standing_.empty()) {
      order.push_back(standing_);
    }
    std::ranges::reverse(order);
    return order;
  }

 private:
  void weigh(const CandidateSet& candidates) {
    std::vector<CostQuestion> questions;
    for (const int candidate : candidates) {
      space_.objective.add_questions(standing_, without(candidate), {candidate}, questions);
    }
    space_.cache.ask(questions);
    for (const int candidate : candidates) {
      missed_[candidate] = -space_.objective.difference(standing_, without(candidate), {candidate});
    }
  }

  [[nodiscard]] CandidateSet without(int candidate) const {
    CandidateSet rest = standing_;
    std::erase(rest, candidate);
    return rest;
  }

  [[nodiscard]] int missed_least() const {
    return *std::ranges::min_element(standing_, {}, [&](int candidate) { return missed_.at(candidate); });
  }

  [[nodiscard]] bool share_statements(int left, int right) const {
    const std::vector<int> own = space_.objective.affected({left});
    return std::ranges::any_of(own, [&](int s) { return space_.cache.is_relevant(s, right); });
  }

  SearchSpace& space_;
  CandidateSet standing_;
  std::map<int, double> missed_;  // what dropping the candidate from the standing ones would lose, or less
  std::set<int> stale_;           // whose entry was weighed in a larger set
};

CandidateSet united(const CandidateSet& left, const CandidateSet& right) {
  CandidateSet all;
  std::ranges::set_union(left, right, std::back_inserter(all));
  return all;
}

}  // namespace

std::vector<CandidateSet> best_order(SearchSpace& space, const CandidateSet& chosen) {
  std::vector<CandidateSet> groups;
  CandidateSet before;
  CandidateSet group;
  for (const CandidateSet& next : Dismantling(space, chosen).run()) {
    group = united(group, next);
    const CandidateSet after = united(before, group);
    std::vector<CostQuestion> questions;
    space.objective.add_questions(before, after, group, questions);
    space.cache.ask(questions);
    if (space.objective.difference(before, after, group) > 0) {
      groups.push_back(std::exchange(group, {}));
      before = after;
    }
  }
  return groups;
}

}  // namespace planwise
