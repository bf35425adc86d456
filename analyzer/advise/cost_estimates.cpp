#include "analyzer/advise/cost_estimates.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "analyzer/advise/plan_estimate.h"

namespace planwise {
namespace {

// Plans of one statement that differ in the indexes they read: the first ones, which span from no index to
// all of them.
constexpr std::size_t kMaxPlans = 32;

bool holds(const CandidateSet& set, int candidate) {
  return std::ranges::binary_search(set, candidate);
}

}  // namespace

void CostEstimates::learn(int statement, const CostAnswer& answer) {
  PerStatement& own = statements_[static_cast<std::size_t>(statement)];
  own.estimates.clear();
  const auto same = [&](const KnownPlan& plan) { return plan.answer.used == answer.used; };
  if (!answer.known || own.plans.size() == kMaxPlans || std::ranges::any_of(own.plans, same)) {
    return;
  }
  KnownPlan plan{.answer = answer, .places = {}};
  for (const CostAnswer::Read& read : answer.reads) {
    Place place{.cost = read.read.work.cost(costs_), .scan = {}, .by_index = {}};
    const Table* table = schema_.find(pool_[read.candidates.front()].def.table);
    if (const auto work = table != nullptr ? by_full_scan(read.read, *table) : std::nullopt) {
      place.scan = Substitute{.work = *work, .cost = work->cost(costs_)};
    }
    plan.places.push_back(std::move(place));
  }
  own.plans.push_back(std::move(plan));
}

std::optional<CostEstimates::Substitute> CostEstimates::substitute(const CostAnswer::Read& read,
                                                                   int candidate) const {
  const Candidate& from = pool_[read.candidates.front()];
  const Table* table = schema_.find(from.def.table);
  if (read.candidates.size() != 1 || read.read.indexes.size() != 1 || table == nullptr) {
    return std::nullopt;
  }
  const auto work = by_index(read.read, from, pool_[candidate], *table);
  return work ? std::optional(Substitute{.work = *work, .cost = work->cost(costs_), .candidate = candidate})
              : std::nullopt;
}

std::optional<CostEstimates::Substitute> CostEstimates::cheapest(const CostAnswer::Read& read, Place& place,
                                                                 const CandidateSet& set) const {
  const Substitute* best = place.scan ? &*place.scan : nullptr;
  for (const int candidate : set) {
    auto at = place.by_index.find(candidate);
    if (at == place.by_index.end()) {
      at = place.by_index.emplace(candidate, substitute(read, candidate)).first;
    }
    if (at->second && (best == nullptr || at->second->cost < best->cost)) {
      best = &*at->second;
    }
  }
  return best != nullptr ? std::optional(*best) : std::nullopt;
}

std::optional<CostAnswer> CostEstimates::adapted(KnownPlan& plan, const CandidateSet& set) const {
  const CostAnswer& known = plan.answer;
  CostAnswer adapted;
  adapted.known = true;
  adapted.cost = known.cost;
  adapted.work = known.work;
  adapted.joins = known.joins;
  CandidateSet replaced;
  for (std::size_t i = 0; i < known.reads.size(); ++i) {
    const CostAnswer::Read& read = known.reads[i];
    if (std::ranges::all_of(read.candidates, [&](int candidate) { return holds(set, candidate); })) {
      continue;
    }
    const std::optional<Substitute> substitute = cheapest(read, plan.places[i], set);
    if (!substitute) {
      return std::nullopt;
    }
    adapted.cost += substitute->cost - plan.places[i].cost;
    adapted.work -= read.read.work;
    adapted.work += substitute->work;
    replaced.insert(replaced.end(), read.candidates.begin(), read.candidates.end());
    if (substitute->candidate >= 0) {
      adapted.used.push_back(substitute->candidate);
    }
  }
  for (const int candidate : known.used) {
    if (holds(set, candidate)) {
      adapted.used.push_back(candidate);
    } else if (std::ranges::find(replaced, candidate) == replaced.end()) {
      return std::nullopt;
    }
  }
  return adapted;
}

const CostAnswer* CostEstimates::find(int statement, const CandidateSet& set) const {
  const auto& estimates = statements_[static_cast<std::size_t>(statement)].estimates;
  const auto at = estimates.find(set);
  return at == estimates.end() ? nullptr : &at->second;
}

const CostAnswer& CostEstimates::answer(int statement, const CandidateSet& set, double least) {
  PerStatement& own = statements_[static_cast<std::size_t>(statement)];
  CostAnswer best;
  const KnownPlan* from = nullptr;
  for (KnownPlan& plan : own.plans) {
    std::optional<CostAnswer> adapted = this->adapted(plan, set);
    if (adapted && (from == nullptr || adapted->cost < best.cost)) {
      best = *std::move(adapted);
      from = &plan;
    }
  }
  if (from != nullptr) {
    std::ranges::sort(best.used);
    best.used.erase(std::unique(best.used.begin(), best.used.end()), best.used.end());
    best.used_existing = from->answer.used_existing;
    if (best.cost < least) {
      best.work.cpu += least - best.cost;
      best.cost = least;
    }
  }
  return own.estimates.insert_or_assign(set, std::move(best)).first->second;
}

}  // namespace planwise
