#include "analyzer/advise/search_refine.h"

#include <algorithm>
#include <limits>
#include <set>
#include <utility>

namespace planwise {
namespace {

constexpr std::size_t kChunk = 8;
// No table needs as many steps; the bound guards against moves that undo each other by rounding.
constexpr int kMaxSteps = 64;

struct Step {
  CandidateSet after;
  CandidateSet changed;
  double bound = 0;  // it gains no more than this
};

CandidateSet without(const CandidateSet& set, std::initializer_list<int> removed) {
  CandidateSet kept;
  for (const int candidate : set) {
    if (std::ranges::find(removed, candidate) == removed.end()) {
      kept.push_back(candidate);
    }
  }
  return kept;
}

CandidateSet on_table(const CandidateSet& set, const TableName& table, const CandidatePool& pool) {
  CandidateSet kept;
  for (const int candidate : set) {
    if (pool[candidate].def.table == table) {
      kept.push_back(candidate);
    }
  }
  return kept;
}

class Steps {
 public:
  Steps(SearchSpace& space, const CandidateSet& current) : space_(space), current_(current) {}

  void drop(int candidate) { add(without(current_, {candidate}), {}); }

  void simplify(int candidate) {
    for (Candidate& form : simpler_forms(space_.pool[candidate])) {
      replace({candidate}, std::move(form));
    }
  }

  void merge(int left, int right) {
    for (Candidate& form : merged_forms(space_.pool[left], space_.pool[right], space_.max_width)) {
      replace({left, right}, std::move(form));
    }
  }

  // Puts the keys of an existing index first, so that it can be replaced.
  void merge_with_existing(int candidate, const Index& index) {
    Candidate existing{.def = index.def};
    for (Candidate& form : merged_forms(existing, space_.pool[candidate], space_.max_width)) {
      replace({candidate}, std::move(form));
    }
  }

  void swap(int candidate, int other) { add(without(current_, {candidate}), {other}); }
  void bring_in(int other) { add(current_, {other}); }

  // Most promising first.
  std::vector<Step> take() {
    std::ranges::stable_sort(steps_,
                             [](const Step& left, const Step& right) { return left.bound > right.bound; });
    return std::move(steps_);
  }

 private:
  void replace(std::initializer_list<int> removed, Candidate form) {
    const Table* table = space_.schema.find(form.def.table);
    if (table != nullptr && !exists(form.def, *table)) {
      add(without(current_, removed), {space_.pool.add(std::move(form))});
    }
  }

  void add(const CandidateSet& rest, const CandidateSet& added) {
    Step step{.after = with_candidates(rest, added, space_.pool), .changed = {}, .bound = 0};
    step.changed = changed_between(current_, step.after);
    if (step.changed.empty() || !seen_.insert(step.after).second) {
      return;
    }
    for (const int candidate : step.changed) {
      const double price = space_.objective.price(candidate);
      step.bound += std::ranges::binary_search(step.after, candidate) ? -price : price;
    }
    if (!added.empty()) {
      for (const int statement : space_.objective.affected(added)) {
        step.bound += std::max(
            0.0, space_.objective.potential(statement) - space_.objective.saved(statement, current_));
      }
    }
    steps_.push_back(std::move(step));
  }

  SearchSpace& space_;
  const CandidateSet& current_;
  std::vector<Step> steps_;
  std::set<CandidateSet> seen_;
};

Result<void> learn(SearchSpace& space, const CandidateSet& current, const std::vector<const Step*>& steps) {
  std::vector<CostQuestion> questions;
  for (const Step* step : steps) {
    space.objective.add_questions(current, step->after, step->changed, questions);
  }
  return space.cache.ask(questions);
}

void add_giving_up(SearchSpace& space, const CandidateSet& current, const TableName& table, Steps& out) {
  const CandidateSet own = on_table(current, table, space.pool);
  for (std::size_t i = 0; i < own.size(); ++i) {
    out.drop(own[i]);
    out.simplify(own[i]);
    for (std::size_t j = i + 1; j < own.size(); ++j) {
      out.merge(own[i], own[j]);
    }
    for (const Index& index : space.schema.find(table)->indexes) {
      if (index.valid && index.def.predicate.empty() && !index.def.unique) {
        out.merge_with_existing(own[i], index);
      }
    }
  }
}

void add_bringing_in(SearchSpace& space, const CandidateSet& current, const TableName& table,
                     const CandidateSet& others, Steps& out) {
  for (const int other : on_table(others, table, space.pool)) {
    out.bring_in(other);
    for (const int own : on_table(current, table, space.pool)) {
      out.swap(own, other);
    }
  }
}

// The first chunk of steps with one that gains gives its best; nullopt where none gains.
Result<std::optional<CandidateSet>> best_step(SearchSpace& space, const CandidateSet& current,
                                              const std::vector<Step>& steps) {
  std::vector<const Step*> chunk;
  for (std::size_t i = 0; i < steps.size() && !space.cache.exhausted(); ++i) {
    const bool promising = steps[i].bound > space.least_gain && space.fits(steps[i].after);
    if (promising) {
      chunk.push_back(&steps[i]);
    }
    const bool last = i + 1 == steps.size() || steps[i + 1].bound <= space.least_gain;
    if (chunk.size() == kChunk || (last && !chunk.empty())) {
      PLANWISE_CHECK_OK(learn(space, current, chunk));
      const Step* best = nullptr;
      double most = space.least_gain;
      for (const Step* step : chunk) {
        const double gain = space.objective.difference(current, step->after, step->changed);
        if (gain > most) {
          most = gain;
          best = step;
        }
      }
      if (best != nullptr) {
        return std::optional(best->after);
      }
      chunk.clear();
    }
    if (last) {
      break;
    }
  }
  return std::optional<CandidateSet>{};
}

Result<bool> refine_table(SearchSpace& space, CandidateSet& current, const TableName& table,
                          const CandidateSet& others) {
  bool improved = false;
  for (int step = 0; step < kMaxSteps; ++step) {
    Steps steps(space, current);
    add_giving_up(space, current, table, steps);
    add_bringing_in(space, current, table, others, steps);
    PLANWISE_TRY(std::optional<CandidateSet> better, best_step(space, current, steps.take()));
    if (!better) {
      break;
    }
    current = *std::move(better);
    improved = true;
    if (space.on_step) {
      space.on_step();
    }
  }
  return improved;
}

std::set<TableName> tables_of(const CandidateSet& set, const CandidatePool& pool) {
  std::set<TableName> tables;
  for (const int candidate : set) {
    tables.insert(pool[candidate].def.table);
  }
  return tables;
}

}  // namespace

Result<CandidateSet> refine(SearchSpace& space, CandidateSet start, const CandidateSet& others) {
  constexpr int kMaxPasses = 4;
  CandidateSet current = std::move(start);
  for (int pass = 0; pass < kMaxPasses && !space.cache.exhausted(); ++pass) {
    bool improved = false;
    std::set<TableName> tables = tables_of(current, space.pool);
    tables.merge(tables_of(others, space.pool));
    for (const TableName& table : tables) {
      PLANWISE_TRY(const bool better, refine_table(space, current, table, others));
      improved = improved || better;
    }
    if (!improved) {
      break;
    }
  }
  return current;
}

Result<CandidateSet> relax_to_fit(SearchSpace& space, CandidateSet start) {
  CandidateSet current = std::move(start);
  while (!current.empty() && !space.fits(current)) {
    Steps moves(space, current);
    for (const TableName& table : tables_of(current, space.pool)) {
      add_giving_up(space, current, table, moves);
    }
    const std::vector<Step> steps = moves.take();
    std::vector<const Step*> all;
    const auto freed = [&](const Step& step) {
      return static_cast<double>(space.objective.size(current).count -
                                 space.objective.size(step.after).count);
    };
    for (const Step& step : steps) {
      if (freed(step) > 0 || step.after.size() < current.size()) {
        all.push_back(&step);
      }
    }
    PLANWISE_CHECK_OK(learn(space, current, all));
    const Step* best = nullptr;
    double least = std::numeric_limits<double>::infinity();
    for (const Step* step : all) {
      const double loss = -space.objective.difference(current, step->after, step->changed);
      const double rate = loss / std::max(freed(*step), 1.0);
      if (rate < least) {
        least = rate;
        best = step;
      }
    }
    if (best == nullptr) {
      return CandidateSet{};
    }
    current = best->after;
    if (space.on_step) {
      space.on_step();
    }
  }
  return current;
}

}  // namespace planwise
