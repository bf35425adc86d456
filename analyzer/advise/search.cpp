#include "analyzer/advise/search.h"

#include <algorithm>
#include <set>
#include <utility>

#include "analyzer/advise/candidates_merge.h"
#include "analyzer/advise/search_refine.h"

namespace planwise {
namespace {

// The prices hang on the load that remains, and that on the set the prices lead to: it settles in two or
// three rounds.
constexpr int kMaxRounds = 3;
// Rounds of estimating; each costs a question a statement.
constexpr int kMaxFits = 6;

// Candidates that may stand in for those the planner likes best: runners-up, simpler forms, and partial
// indexes on no more than the same keys, which tie with the whole index for the planner and are smaller.
CandidateSet stand_ins(SearchSpace& space, const std::vector<CandidateSet>& own,
                       const std::vector<CandidateSet>& best, const CandidateSet& runners_up) {
  std::set<int> others(runners_up.begin(), runners_up.end());
  for (const CandidateSet& winners : best) {
    others.insert(winners.begin(), winners.end());
    for (const int winner : winners) {
      for (Candidate& form : simpler_forms(space.pool[winner])) {
        const Table* table = space.schema.find(form.def.table);
        if (table != nullptr && !exists(form.def, *table)) {
          others.insert(space.pool.add(std::move(form)));
        }
      }
    }
  }
  for (std::size_t s = 0; s < own.size(); ++s) {
    for (const int winner : best[s]) {
      const std::vector<IndexKey>& keys = space.pool[winner].def.keys;
      for (const int other : own[s]) {
        const IndexDef& def = space.pool[other].def;
        const bool within = std::ranges::all_of(
            def.keys, [&](const IndexKey& key) { return std::ranges::find(keys, key) != keys.end(); });
        if (!def.predicate.empty() && def.table == space.pool[winner].def.table && within) {
          others.insert(other);
        }
      }
    }
  }
  return {others.begin(), others.end()};
}

// The first where both are as good.
CandidateSet better_of(SearchSpace& space, const CandidateSet& left, const CandidateSet& right) {
  const CandidateSet changed = changed_between(left, right);
  std::vector<CostQuestion> questions;
  space.objective.add_questions(left, right, changed, questions);
  space.cache.ask(questions);
  return space.objective.difference(left, right, changed) > space.least_gain ? right : left;
}

// The best set within the limits as estimates have it, told by the planner; what it says sharpens the
// estimates for the next round. The best of all rounds by the planner's word.
CandidateSet fit(SearchSpace& space, const CandidateSet& top, const std::vector<CandidateSet>& steps,
                 const CandidateSet& rest, const std::function<void(const CandidateSet&)>& price_by) {
  CandidateSet best;
  std::set<CandidateSet> tried;
  for (int round = 0; round == 0 || (round < kMaxFits && !space.cache.exhausted()); ++round) {
    space.cache.set_estimating(true);
    const CandidateSet down = refine(space, relax_to_fit(space, top), rest);
    const CandidateSet up = refine(space, extend(space, best, steps), rest);
    const CandidateSet found = better_of(space, down, up);
    space.cache.set_estimating(false);
    if (!tried.insert(found).second) {
      break;
    }
    price_by(found);
    space.cache.set_estimating(space.cache.exhausted());  // better than nothing
    best = better_of(space, best, found);
    space.cache.set_estimating(false);
  }
  return best;
}

}  // namespace

CandidateSet search_indexes(SearchSpace& space, const std::vector<CandidateSet>& own,
                            const std::vector<CandidateSet>& best, const CandidateSet& runners_up,
                            const std::function<void(const CandidateSet&)>& price_by) {
  std::set<int> all;
  std::set<CandidateSet> moves;
  for (const CandidateSet& winners : best) {
    all.insert(winners.begin(), winners.end());
    if (winners.size() > 1) {
      moves.insert(winners);
    }
  }
  const CandidateSet rest = stand_ins(space, own, best, runners_up);
  for (const int candidate : rest) {
    moves.insert({candidate});
  }
  const std::vector<CandidateSet> steps(moves.begin(), moves.end());
  const CandidateSet top = with_candidates({}, CandidateSet(all.begin(), all.end()), space.pool);
  price_by(top);
  const bool limited = space.budget || space.max_indexes > 0;
  const auto polished = [&](CandidateSet found) {
    for (int round = 0; round < kMaxRounds; ++round) {
      price_by(found);
      CandidateSet kept = refine(space, extend(space, found, steps), rest);
      if (kept == found) {
        break;
      }
      found = std::move(kept);
    }
    return found;
  };
  if (!limited) {
    return polished(refine(space, relax_to_fit(space, top), rest));
  }
  CandidateSet found = polished(fit(space, top, steps, rest, price_by));
  for (const bool downwards : {true, false}) {
    if (!space.cache.exhausted()) {
      const CandidateSet start = downwards ? relax_to_fit(space, top) : extend(space, {}, steps);
      found = better_of(space, found, polished(refine(space, start, rest)));
    }
  }
  return found;
}

}  // namespace planwise
