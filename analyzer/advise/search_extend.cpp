#include "analyzer/advise/search_extend.h"

#include <algorithm>
#include <iterator>
#include <map>
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
  std::set<TableName> tables;  // that the statements it affects read
  double bound = 0;            // it gains no more than this
  double score = 0;            // of the bound
  int evaluated = -1;          // the step at which `bound` was exact
};

// Best first; by what is added where scores tie, so that the order does not hang on the heap's.
bool is_worse(const Move& left, const Move& right) {
  return left.score != right.score ? left.score < right.score : left.added > right.added;
}

class Extender {
 public:
  Extender(SearchSpace& space, CandidateSet start) : space_(space), current_(std::move(start)) {}

  void offer(const CandidateSet& added) {
    Move move{.added = added, .tables = {}};
    for (const int statement : space_.objective.affected(added)) {
      move.bound +=
          std::max(0.0, space_.objective.potential(statement) - space_.objective.saved(statement, current_));
      for (const auto& [table, columns] : space_.cache.statement(statement).columns) {
        move.tables.insert(table);
      }
    }
    for (const int candidate : added) {
      move.bound -= space_.objective.price(candidate);
    }
    push(std::move(move));
  }

  CandidateSet run() {
    while (!open_.empty() && !space_.cache.exhausted()) {
      if (is_exact(open_.front())) {
        apply(pop());
      } else {
        evaluate_best();
      }
    }
    return std::move(current_);
  }

 private:
  [[nodiscard]] bool is_exact(const Move& move) const {
    return std::ranges::all_of(move.tables, [&](const TableName& table) {
      const auto changed = changed_at_.find(table);
      return move.evaluated >= (changed == changed_at_.end() ? 0 : changed->second);
    });
  }

  void push(Move move) {
    if (move.bound <= space_.least_gain) {
      return;
    }
    const double bytes =
        static_cast<double>(std::max<std::int64_t>(space_.objective.size(move.added).count, 8192));
    move.score = space_.budget ? move.bound / bytes : move.bound;
    open_.push_back(std::move(move));
    std::ranges::push_heap(open_, is_worse);
  }

  Move pop() {
    std::ranges::pop_heap(open_, is_worse);
    Move move = std::move(open_.back());
    open_.pop_back();
    return move;
  }

  void apply(const Move& move) {
    CandidateSet after = with_candidates(current_, move.added, space_.pool);
    if (after == current_ || !space_.fits(after)) {
      return;
    }
    current_ = std::move(after);
    ++step_;
    for (const TableName& table : move.tables) {
      changed_at_[table] = step_;
    }
    if (space_.on_step) {
      space_.on_step();
    }
  }

  void evaluate_best() {
    std::vector<Move> stale;
    std::vector<CandidateSet> after;
    std::vector<CostQuestion> questions;
    while (!open_.empty() && stale.size() < kChunk && !is_exact(open_.front())) {
      stale.push_back(pop());
      after.push_back(with_candidates(current_, stale.back().added, space_.pool));
      space_.objective.add_questions(current_, after.back(), changed_between(current_, after.back()),
                                     questions);
    }
    space_.cache.ask(questions);
    for (std::size_t i = 0; i < stale.size(); ++i) {
      if (after[i] != current_ && space_.fits(after[i])) {
        stale[i].bound = space_.objective.difference(current_, after[i], changed_between(current_, after[i]));
        stale[i].evaluated = step_;
        push(std::move(stale[i]));
      }
    }
  }

  SearchSpace& space_;
  CandidateSet current_;
  std::vector<Move> open_;  // a heap
  std::map<TableName, int> changed_at_;
  int step_ = 0;
};

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
  const auto is_new = [&](int candidate) { return std::ranges::binary_search(added, candidate); };
  const auto redundant = [&](int candidate, int other) {
    return other != candidate && (is_new(candidate) || is_new(other)) &&
           covered_by(pool[candidate].def, pool[other].def).has_value() &&
           (other < candidate || !covered_by(pool[other].def, pool[candidate].def));
  };
  CandidateSet kept;
  for (const int candidate : all) {
    const CandidateSet& rivals = is_new(candidate) ? all : added;
    if (std::ranges::none_of(rivals, [&](int other) { return redundant(candidate, other); })) {
      kept.push_back(candidate);
    }
  }
  return kept;
}

CandidateSet extend(SearchSpace& space, CandidateSet start, const std::vector<CandidateSet>& moves) {
  Extender extender(space, std::move(start));
  for (const CandidateSet& added : moves) {
    if (space.fits(added)) {
      extender.offer(added);
    }
  }
  return extender.run();
}

}  // namespace planwise
