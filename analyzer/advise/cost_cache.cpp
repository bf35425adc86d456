#include "analyzer/advise/cost_cache.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "analyzer/advise/limit_risk.h"

namespace planwise {
namespace {

// Hypothetical indexes created for one round: HypoPG draws on some 2,500 object ids a session, and each costs
// the planner time.
constexpr std::size_t kMaxOffered = 400;
constexpr Version kSkipScan{18, 0, 0};

bool is_subset(const CandidateSet& part, const CandidateSet& whole) {
  return std::ranges::includes(whole, part);
}

}  // namespace

int CandidatePool::add(Candidate candidate) {
  const auto [at, added] = positions_.try_emplace(candidate.def, size());
  if (added) {
    candidates_.push_back(std::move(candidate));
  }
  return at->second;
}

// Questions that one set of hypothetical indexes answers: it looks the same to each of them.
struct CostCache::Batch {
  std::map<TableName, CandidateSet> sets;  // what is offered on each table that a question touches
  std::vector<CostQuestion> questions;     // with relevant sets
  std::size_t offered = 0;                 // indexes in all sets
};

CostCache::CostCache(WhatIf& what_if, const Snapshot& snapshot, const CandidatePool& pool,
                     std::span<const CostedStatement> statements)
    : what_if_(what_if),
      schema_(snapshot.schema),
      page_costs_(page_costs(snapshot)),
      pool_(pool),
      statements_(statements),
      skip_scan_(snapshot.server.engine == Engine::kPostgres && kSkipScan <= snapshot.server.version),
      estimates_(snapshot.schema, pool, page_costs_, statements.size()),
      relevance_(statements.size()),
      tolerance_(statements.size()),
      entries_(statements.size()),
      exact_(statements.size()) {
  for (std::size_t s = 0; s < statements.size(); ++s) {
    for (const auto& [table, columns] : statements[s].columns) {
      readers_[table].push_back(static_cast<int>(s));
    }
  }
}

void CostCache::set_limit(std::int64_t questions, std::function<bool()> hurry) {
  limit_ = questions;
  hurry_ = std::move(hurry);
  hurried_ = false;
}

bool CostCache::could_use(int statement, int candidate) const {
  const IndexDef& def = pool_[candidate].def;
  const CostedStatement& costed = statements_[static_cast<std::size_t>(statement)];
  const auto read = costed.columns.find(def.table);
  if (read == costed.columns.end()) {
    return false;
  }
  const std::size_t leading = std::min(def.keys.size(), skip_scan_ ? std::size_t{2} : std::size_t{1});
  return std::any_of(
      def.keys.begin(), def.keys.begin() + static_cast<std::ptrdiff_t>(leading),
      [&](const IndexKey& key) { return key.is_expression || read->second.contains(key.expression); });
}

bool CostCache::is_relevant(int statement, int candidate) const {
  std::vector<signed char>& known = relevance_[static_cast<std::size_t>(statement)];
  if (known.size() <= static_cast<std::size_t>(candidate)) {
    known.resize(static_cast<std::size_t>(pool_.size()), -1);
  }
  signed char& answer = known[static_cast<std::size_t>(candidate)];
  if (answer < 0) {
    answer = could_use(statement, candidate) ? 1 : 0;
  }
  return answer == 1;
}

const std::vector<int>& CostCache::readers(const TableName& table) const {
  static const std::vector<int> kNone;
  const auto at = readers_.find(table);
  return at == readers_.end() ? kNone : at->second;
}

CandidateSet CostCache::relevant(int statement, const CandidateSet& set) const {
  CandidateSet kept;
  std::ranges::copy_if(set, std::back_inserter(kept),
                       [&](int candidate) { return is_relevant(statement, candidate); });
  return kept;
}

const CostAnswer* CostCache::lookup(int statement, const CandidateSet& relevant) const {
  const auto at = static_cast<std::size_t>(statement);
  if (const auto exact = exact_[at].find(relevant); exact != exact_[at].end()) {
    return &entries_[at][exact->second].answer;
  }
  for (const Entry& entry : entries_[at]) {
    if (is_subset(entry.answer.used, relevant) && is_subset(relevant, entry.available)) {
      return &entry.answer;
    }
  }
  return bounded(statement, relevant);
}

// The plan of an answer whose indexes are all there is open to the planner: it bounds the cost from above.
// The plan chosen from more than is there bounds it from below.
const CostAnswer* CostCache::bounded(int statement, const CandidateSet& relevant) const {
  const auto at = static_cast<std::size_t>(statement);
  if (tolerance_[at] <= 0 || statements_[at].limited) {
    return nullptr;
  }
  const CostAnswer* upper = nullptr;
  double lower = 0;
  for (const Entry& entry : entries_[at]) {
    if (!entry.answer.known) {
      continue;
    }
    if (is_subset(entry.answer.used, relevant) && (upper == nullptr || entry.answer.cost < upper->cost)) {
      upper = &entry.answer;
    }
    if (entry.answer.cost > lower && is_subset(relevant, entry.available)) {
      lower = entry.answer.cost;
    }
  }
  return upper != nullptr && lower > 0 && upper->cost - lower <= tolerance_[at] ? upper : nullptr;
}

const CostAnswer* CostCache::find(int statement, const CandidateSet& set) const {
  const CandidateSet wanted = relevant(statement, set);
  if (!estimating_) {
    return lookup(statement, wanted);
  }
  if (const CostAnswer* estimated = estimates_.find(statement, wanted)) {
    return estimated;
  }
  const CostAnswer* known = lookup(statement, wanted);
  return known != nullptr ? known : &estimates_.answer(statement, wanted, lower_bound(statement, wanted));
}

double CostCache::lower_bound(int statement, const CandidateSet& set) const {
  const CandidateSet wanted = relevant(statement, set);
  double bound = 0;
  for (const Entry& entry : entries_[static_cast<std::size_t>(statement)]) {
    if (entry.answer.known && entry.answer.cost > bound && is_subset(wanted, entry.available)) {
      bound = entry.answer.cost;
    }
  }
  return bound;
}

std::vector<const CostAnswer*> CostCache::best_known(int statement, std::size_t most) const {
  std::map<CandidateSet, const CostAnswer*> by_used;
  for (const Entry& entry : entries_[static_cast<std::size_t>(statement)]) {
    if (entry.answer.known && !entry.answer.used.empty()) {
      by_used.emplace(entry.answer.used, &entry.answer);
    }
  }
  std::vector<const CostAnswer*> best;
  for (const auto& [used, answer] : by_used) {
    best.push_back(answer);
  }
  std::ranges::stable_sort(best, {}, &CostAnswer::cost);
  best.resize(std::min(best.size(), most));
  return best;
}

void CostCache::ask(const std::vector<CostQuestion>& questions) {
  if (estimating_) {
    return look_at_clock();
  }
  std::vector<Batch> batches;
  std::set<std::pair<int, CandidateSet>> asked;
  for (const CostQuestion& question : questions) {
    CostQuestion wanted{question.statement, relevant(question.statement, question.set)};
    if (lookup(wanted.statement, wanted.set) != nullptr ||
        !asked.emplace(wanted.statement, wanted.set).second) {
      continue;
    }
    std::map<TableName, CandidateSet> sets;
    for (const auto& [table, columns] : statements_[static_cast<std::size_t>(wanted.statement)].columns) {
      sets[table];
    }
    for (const int candidate : wanted.set) {
      sets[pool_[candidate].def.table].push_back(candidate);
    }
    const auto fits = [&](const Batch& batch) {
      return batch.offered + wanted.set.size() <= kMaxOffered &&
             std::ranges::all_of(sets, [&](const auto& own) {
               const auto other = batch.sets.find(own.first);
               return other == batch.sets.end() || other->second == own.second;
             });
    };
    auto batch = std::ranges::find_if(batches, fits);
    if (batch == batches.end()) {
      batch = batches.emplace(batches.end());
    }
    for (auto& [table, set] : sets) {
      if (batch->sets.emplace(table, set).second) {
        batch->offered += set.size();
      }
    }
    batch->questions.push_back(std::move(wanted));
  }
  for (const Batch& batch : batches) {
    run(batch);
  }
}

void CostCache::run(const Batch& batch) {
  look_at_clock();
  if (exhausted()) {
    return;
  }
  CandidateSet offered;
  for (const auto& [table, set] : batch.sets) {
    offered.insert(offered.end(), set.begin(), set.end());
  }
  std::ranges::sort(offered);
  IndexSet indexes;
  for (const int candidate : offered) {
    indexes.added.push_back(pool_[candidate].def);
  }
  std::vector<const CostQuestion*> asked;
  std::vector<StatementId> ids;
  for (const CostQuestion& question : batch.questions) {
    if (questions_ < limit_) {
      ++questions_;
      asked.push_back(&question);
      ids.push_back(statement(question.statement).id);
    }
  }
  Result<std::vector<StatementCost>> costs = what_if_.costs(ids, indexes, /*with_plans=*/true);
  if (!costs) {
    lost_ = std::move(costs).error();
    return;
  }
  for (std::size_t i = 0; i < costs->size() && i < asked.size(); ++i) {
    keep(asked[i]->statement, asked[i]->set, offered, std::move((*costs)[i]));
  }
}

void CostCache::keep(int statement, const CandidateSet& available, const CandidateSet& offered,
                     StatementCost cost) {
  Entry entry{.available = available, .answer = {}};
  entry.answer.known = cost.cost.has_value();
  entry.answer.error = std::move(cost.error);
  if (cost.cost) {
    for (const std::size_t position : cost.used) {
      if (position < offered.size()) {
        entry.answer.used.push_back(offered[position]);
      }
    }
    std::ranges::sort(entry.answer.used);
    entry.answer.used_existing = std::move(cost.used_existing);
    entry.answer.cost = cost.cost->units;
    entry.answer.work = PlanWork{.cpu = cost.cost->units};
    if (cost.plan) {
      note_plan(cost, offered, entry.answer);
    }
  }
  estimates_.learn(statement, entry.answer);
  const auto at = static_cast<std::size_t>(statement);
  exact_[at].emplace(available, entries_[at].size());
  entries_[at].push_back(std::move(entry));
}

void CostCache::note_plan(const StatementCost& cost, const CandidateSet& offered, CostAnswer& answer) const {
  answer.cost = cautious_cost(*cost.plan, schema_).units;
  PlanReading reading = work_of(*cost.plan, schema_, page_costs_);
  answer.work = reading.work;
  for (IndexRead& read : reading.reads) {
    CandidateSet candidates;
    for (const std::string& index : read.indexes) {
      const auto added = cost.names.find(index);
      if (added != cost.names.end() && added->second < offered.size()) {
        candidates.push_back(offered[added->second]);
      }
    }
    if (!candidates.empty()) {
      answer.reads.push_back({.read = std::move(read), .candidates = std::move(candidates)});
    }
  }
  walk(*cost.plan, [&](const PlanNode& node, const std::string&) {
    answer.joins += node.kind == NodeKind::kJoin ? 1 : 0;
  });
}

}  // namespace planwise
