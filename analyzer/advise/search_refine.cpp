#include "analyzer/advise/search_refine.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <map>
#include <set>
#include <span>
#include <utility>

#include "analyzer/advise/candidates_merge.h"

namespace planwise {
namespace {

// No table needs as many rounds; the bound guards against moves that undo each other by rounding.
constexpr int kMaxRounds = 16;
constexpr int kMaxPasses = 4;
// Losses per byte within this factor of the least count as near it.
constexpr double kNear = 2;
// Of the bytes to be freed, in one go.
constexpr double kExcessShare = 0.2;

// A change of the set. What it gains is known for one set only: where others were made since, it is weighed
// again.
struct Move {
  CandidateSet removed;
  CandidateSet added;
  double gain = 0;
};

CandidateSet after_move(const CandidateSet& set, const Move& move, const CandidatePool& pool) {
  CandidateSet kept;
  std::ranges::set_difference(set, move.removed, std::back_inserter(kept));
  return with_candidates(kept, move.added, pool);
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

// The moves on one table, from the set `current`.
class Moves {
 public:
  enum class Keep : std::uint8_t { kPromising, kAll };
  Moves(SearchSpace& space, const CandidateSet& current, Keep keep = Keep::kPromising)
      : space_(space), current_(current), keep_(keep) {}

  void drop(int candidate) { add({candidate}, {}); }

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

  void swap(int candidate, int other) { add({candidate}, {other}); }
  void bring_in(int other) { add({}, {other}); }

  [[nodiscard]] std::vector<Move> take() { return std::move(moves_); }

 private:
  void replace(CandidateSet removed, Candidate form) {
    const Table* table = space_.schema.find(form.def.table);
    if (table != nullptr && !exists(form.def, *table)) {
      add(std::move(removed), {space_.pool.add(std::move(form))});
    }
  }

  // Keeps what may gain: prices saved, and what the statements could still gain by the added ones.
  void add(CandidateSet removed, CandidateSet added) {
    Move move{.removed = std::move(removed), .added = std::move(added)};
    const CandidateSet after = after_move(current_, move, space_.pool);
    const CandidateSet changed = changed_between(current_, after);
    if (changed.empty() || !seen_.insert(after).second) {
      return;
    }
    if (keep_ == Keep::kAll) {
      moves_.push_back(std::move(move));
      return;
    }
    if (!space_.fits(after)) {
      return;
    }
    for (const int candidate : changed) {
      const double price = space_.objective.price(candidate);
      move.gain += std::ranges::binary_search(after, candidate) ? -price : price;
    }
    if (!move.added.empty()) {
      for (const int statement : space_.objective.affected(move.added)) {
        move.gain += std::max(
            0.0, space_.objective.potential(statement) - space_.objective.saved(statement, current_));
      }
    }
    if (move.gain > space_.least_gain) {
      moves_.push_back(std::move(move));
    }
  }

  SearchSpace& space_;
  const CandidateSet& current_;
  const Keep keep_;
  std::vector<Move> moves_;
  std::set<CandidateSet> seen_;
};

// Sets each move's gain to what the planner says of it; to an upper bound of it, and no further question is
// asked, as soon as `hopeless(move)` holds of that.
template <class Hopeless>
void weigh(SearchSpace& space, const CandidateSet& current, std::span<Move> moves, const Hopeless& hopeless) {
  std::vector<CostQuestion> questions;
  for (const Move& move : moves) {
    space.objective.add_questions(current, current,
                                  changed_between(current, after_move(current, move, space.pool)), questions);
  }
  space.cache.ask(questions);
  std::vector<bool> settled(moves.size());
  std::size_t open = moves.size();
  for (std::size_t asked = 1; open > 0 && !space.cache.exhausted(); asked *= 2) {
    questions.clear();
    open = 0;
    for (std::size_t i = 0; i < moves.size(); ++i) {
      if (settled[i]) {
        continue;
      }
      const CandidateSet after = after_move(current, moves[i], space.pool);
      Objective::Outlook outlook = space.objective.outlook(current, after, changed_between(current, after));
      moves[i].gain = outlook.most;
      settled[i] = outlook.open.empty() || hopeless(moves[i]);
      if (!settled[i]) {
        ++open;
        outlook.open.resize(std::min(outlook.open.size(), asked));
        for (const int statement : outlook.open) {
          questions.push_back({statement, after});
        }
      }
    }
    space.cache.ask(questions);
  }
  for (std::size_t i = 0; i < moves.size(); ++i) {
    if (!settled[i]) {  // the questions ran out
      moves[i].gain = -std::numeric_limits<double>::infinity();
    }
  }
}

void add_giving_up(SearchSpace& space, const CandidateSet& current, const TableName& table, Moves& out) {
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

// Statements whose plans read the candidate where `current` stands.
std::vector<int> users_of(SearchSpace& space, const CandidateSet& current, int candidate) {
  std::vector<int> users = space.objective.affected({candidate});
  std::erase_if(users, [&](int statement) {
    const CostAnswer* answer = space.cache.find(statement, current);
    return answer == nullptr || !std::ranges::binary_search(answer->used, candidate);
  });
  return users;
}

// A candidate is swapped for another only where a statement that reads the one could read the other: else the
// swap is a drop and an addition that have nothing to do with each other.
void add_bringing_in(SearchSpace& space, const CandidateSet& current, const TableName& table,
                     const CandidateSet& others, Moves& out) {
  const CandidateSet rivals = on_table(others, table, space.pool);
  for (const int other : rivals) {
    out.bring_in(other);
  }
  for (const int own : on_table(current, table, space.pool)) {
    const std::vector<int> users = users_of(space, current, own);
    for (const int other : rivals) {
      if (std::ranges::any_of(users, [&](int s) { return space.cache.is_relevant(s, other); })) {
        out.swap(own, other);
      }
    }
  }
}

// Weighs every move once, then makes those that gain, best first, each weighed again where the set has
// changed since. Returns whether any was made.
bool improve(SearchSpace& space, CandidateSet& current, std::vector<Move> moves) {
  const auto loses = [&](const Move& move) { return move.gain <= space.least_gain; };
  weigh(space, current, moves, loses);
  std::ranges::stable_sort(moves, [](const Move& left, const Move& right) { return left.gain > right.gain; });
  bool improved = false;
  for (Move& move : moves) {
    if (loses(move) || space.cache.exhausted()) {
      break;
    }
    const CandidateSet after = after_move(current, move, space.pool);
    if (!std::ranges::includes(current, move.removed) || after == current || !space.fits(after)) {
      continue;
    }
    if (improved) {
      weigh(space, current, {&move, 1}, loses);
    }
    if (!loses(move)) {
      current = after;
      improved = true;
      if (space.on_step) {
        space.on_step();
      }
    }
  }
  return improved;
}

bool refine_table(SearchSpace& space, CandidateSet& current, const TableName& table,
                  const CandidateSet& others) {
  bool improved = false;
  for (int round = 0; round < kMaxRounds && !space.cache.exhausted(); ++round) {
    Moves moves(space, current);
    add_giving_up(space, current, table, moves);
    add_bringing_in(space, current, table, others, moves);
    const bool better = improve(space, current, moves.take());
    if (!better) {
      break;
    }
    improved = true;
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

// The part of the set that fits and saves most per byte, by what is known of its plans: what a statement
// saves is shared by the indexes that its plan reads. For the end of the questions.
CandidateSet densest(SearchSpace& space, const CandidateSet& set) {
  std::map<int, double> value;
  for (const int statement : space.objective.affected(set)) {
    const CostAnswer* answer = space.cache.find(statement, set);
    for (const int candidate : answer != nullptr ? answer->used : CandidateSet{}) {
      value[candidate] += space.objective.saved(statement, set) / static_cast<double>(answer->used.size());
    }
  }
  CandidateSet by_density = set;
  std::ranges::stable_sort(by_density, std::ranges::greater{}, [&](int candidate) {
    const auto size = static_cast<double>(space.objective.size(candidate).value_or(Bytes{}).count);
    return value[candidate] / std::max(size, 1.0);
  });
  CandidateSet kept;
  for (const int candidate : by_density) {
    const CandidateSet more = with_candidates(kept, {candidate}, space.pool);
    if (value[candidate] > space.objective.price(candidate) && space.fits(more)) {
      kept = more;
    }
  }
  return kept;
}

}  // namespace

CandidateSet refine(SearchSpace& space, CandidateSet start, const CandidateSet& others) {
  CandidateSet current = std::move(start);
  for (int pass = 0; pass < kMaxPasses && !space.cache.exhausted(); ++pass) {
    bool improved = false;
    std::set<TableName> tables = tables_of(current, space.pool);
    tables.merge(tables_of(others, space.pool));
    for (const TableName& table : tables) {
      const bool better = refine_table(space, current, table, others);
      improved = improved || better;
    }
    if (!improved) {
      break;
    }
  }
  return current;
}

CandidateSet relax_to_fit(SearchSpace& space, CandidateSet start) {
  CandidateSet current = std::move(start);
  while (!current.empty() && !space.fits(current)) {
    Moves offered(space, current, Moves::Keep::kAll);
    for (const TableName& table : tables_of(current, space.pool)) {
      add_giving_up(space, current, table, offered);
    }
    std::vector<Move> moves = offered.take();
    const auto freed = [&](const Move& move) {
      const CandidateSet after = after_move(current, move, space.pool);
      const std::int64_t bytes = space.objective.size(current).count - space.objective.size(after).count;
      return static_cast<double>(after.size() < current.size() ? std::max<std::int64_t>(bytes, 1) : bytes);
    };
    std::erase_if(moves, [&](const Move& move) { return freed(move) <= 0; });
    const auto rate = [&](const Move& move) { return -move.gain / freed(move); };
    // Moves nearly as good as the best are made in one go, as long as most of the excess is left: else every
    // round asks about every move to free a few bytes.
    const std::int64_t excess =
        space.budget ? space.objective.size(current).count - space.budget->count : std::int64_t{0};
    double least = std::numeric_limits<double>::infinity();
    const auto is_near = [&](const Move& move) { return rate(move) <= std::max(least, 0.0) * kNear; };
    weigh(space, current, moves, [&](const Move& move) {
      const bool hopeless = rate(move) > least && !is_near(move);
      least = std::min(least, rate(move));
      return hopeless;
    });
    if (space.cache.exhausted() || moves.empty()) {
      return densest(space, current);
    }
    std::ranges::stable_sort(moves, {}, rate);
    double left = static_cast<double>(excess) * kExcessShare;
    CandidateSet relaxed = after_move(current, moves.front(), space.pool);
    left -= freed(moves.front());
    for (std::size_t i = 1; i < moves.size() && left > 0 && is_near(moves[i]); ++i) {
      if (std::ranges::includes(relaxed, moves[i].removed)) {
        left -= freed(moves[i]);
        relaxed = after_move(relaxed, moves[i], space.pool);
      }
    }
    current = std::move(relaxed);
    if (space.on_step) {
      space.on_step();
    }
  }
  return current;
}

}  // namespace planwise
