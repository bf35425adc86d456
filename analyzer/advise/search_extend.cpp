#include "analyzer/advise/search_extend.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <set>
#include <utility>

#include "analyzer/advise/redundancy.h"

namespace planwise {
namespace {

// Moves evaluated in one go: enough for questions about different tables to share a round, few enough to
// waste little.
constexpr std::size_t kChunk = 8;

struct Move {
  CandidateSet added;
  double bound = 0;  // it gains no more than this
  int round = -1;    // in which `bound` was exact
  bool dead = false;
};

double per_byte(double gain, Bytes size, bool budgeted) {
  return budgeted ? gain / static_cast<double>(std::max<std::int64_t>(size.count, 8192)) : gain;
}

}  // namespace

bool SearchSpace::fits(const CandidateSet& set) const {
  if (max_indexes > 0 && set.size() > static_cast<std::size_t>(max_indexes)) {
    return false;
  }
  const auto refused = [&](int candidate) { return !objective.size(candidate); };
  return std::ranges::none_of(set, refused) && (!budget || objective.size(set) <= *budget);
}

CandidateSet changed_between(const CandidateSet& left, const CandidateSet& right) {
  CandidateSet changed;
  std::ranges::set_symmetric_difference(left, right, std::back_inserter(changed));
  return changed;
}

CandidateSet with_candidates(const CandidateSet& set, const CandidateSet& added, const CandidatePool& pool) {
  CandidateSet all;
  std::ranges::set_union(set, added, std::back_inserter(all));
  CandidateSet kept;
  for (const int candidate : all) {
    const bool redundant = std::ranges::any_of(all, [&](int other) {
      if (other == candidate || !covered_by(pool[candidate].def, pool[other].def)) {
        return false;
      }
      return other < candidate || !covered_by(pool[other].def, pool[candidate].def);
    });
    if (!redundant) {
      kept.push_back(candidate);
    }
  }
  return kept;
}

Result<CandidateSet> extend(SearchSpace& space, CandidateSet start, const std::vector<CandidateSet>& moves) {
  Objective& objective = space.objective;
  std::vector<Move> open;
  for (const CandidateSet& added : moves) {
    Move move{.added = added};
    for (const int statement : objective.affected(added)) {
      move.bound += std::max(0.0, objective.potential(statement) - objective.saved(statement, start));
    }
    move.bound -= objective.price(added);
    if (move.bound > space.least_gain && space.fits(added)) {
      open.push_back(std::move(move));
    }
  }
  const auto score = [&](const Move& move) {
    return per_byte(move.bound, objective.size(move.added), space.budget.has_value());
  };
  CandidateSet current = std::move(start);
  for (int round = 0; !space.cache.exhausted(); ++round) {
    const Move* best = nullptr;
    while (true) {
      std::ranges::stable_sort(
          open, [&](const Move& left, const Move& right) { return score(left) > score(right); });
      best = nullptr;
      std::vector<Move*> stale;
      for (Move& move : open) {
        if (move.dead || move.bound <= space.least_gain) {
          continue;
        }
        if (move.round == round) {
          best = &move;
          break;
        }
        stale.push_back(&move);
        if (stale.size() == kChunk) {
          break;
        }
      }
      if (stale.empty()) {
        break;
      }
      std::vector<CostQuestion> questions;
      for (const Move* move : stale) {
        const CandidateSet after = with_candidates(current, move->added, space.pool);
        for (const int statement : objective.affected(changed_between(current, after))) {
          questions.push_back({statement, current});
          questions.push_back({statement, after});
        }
      }
      PLANWISE_CHECK_OK(space.cache.ask(questions));
      for (Move* move : stale) {
        const CandidateSet after = with_candidates(current, move->added, space.pool);
        move->dead = after == current || !space.fits(after);
        move->bound = objective.difference(current, after, changed_between(current, after));
        move->round = round;
      }
    }
    if (best == nullptr) {
      break;
    }
    current = with_candidates(current, best->added, space.pool);
    if (space.on_step) {
      space.on_step();
    }
  }
  return current;
}

}  // namespace planwise
