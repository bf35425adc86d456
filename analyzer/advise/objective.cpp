#include "analyzer/advise/objective.h"

#include <algorithm>
#include <utility>

namespace planwise {

Objective::Objective(CostCache& cache, const CandidatePool& pool, const Schema& schema, WhatIf& what_if,
                     std::vector<StatementWeight> weights, std::map<TableName, TableWrites> writes,
                     const Prices& prices)
    : cache_(cache),
      pool_(pool),
      schema_(schema),
      what_if_(what_if),
      weights_(std::move(weights)),
      potential_(weights_.size()),
      writes_(std::move(writes)),
      prices_(prices) {
  for (const StatementWeight& weight : weights_) {
    total_time_ += weight.time;
  }
}

void Objective::set_prices(const Prices& prices) {
  prices_ = prices;
  known_prices_.clear();
}

std::vector<int> Objective::affected(const CandidateSet& candidates) const {
  std::vector<int> found;
  for (const int candidate : candidates) {
    for (const int s : cache_.readers(pool_[candidate].def.table)) {
      if (weight(s).cost_now > 0 && cache_.may_change(s, potential(s) > 0) &&
          cache_.is_relevant(s, candidate)) {
        found.push_back(s);
      }
    }
  }
  std::ranges::sort(found);
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

double Objective::saved(int statement, const CandidateSet& set) const {
  const StatementWeight& own = weight(statement);
  const CostAnswer* answer = cache_.find(statement, set);
  if (answer == nullptr || !answer->known || own.units_now <= 0) {
    return 0;
  }
  return own.time * (1 - own.units(*answer) / own.units_now);
}

void Objective::note_potential(int statement, double saved) {
  double& known = potential_[static_cast<std::size_t>(statement)];
  known = std::max(known, saved);
}

void Objective::add_questions(const CandidateSet& before, const CandidateSet& after,
                              const CandidateSet& changed, std::vector<CostQuestion>& out) const {
  for (const int statement : affected(changed)) {
    out.push_back({statement, cache_.relevant(statement, before)});
    out.push_back({statement, cache_.relevant(statement, after)});
  }
}

double Objective::difference(const CandidateSet& before, const CandidateSet& after,
                             const CandidateSet& changed) {
  double gain = 0;
  for (const int candidate : changed) {
    gain += std::ranges::binary_search(after, candidate) ? -price(candidate) : price(candidate);
  }
  for (const int statement : affected(changed)) {
    gain += saved(statement, after) - saved(statement, before);
  }
  return gain;
}

Objective::Outlook Objective::outlook(const CandidateSet& before, const CandidateSet& after,
                                      const CandidateSet& changed) {
  Outlook outlook;
  for (const int candidate : changed) {
    outlook.most += std::ranges::binary_search(after, candidate) ? -price(candidate) : price(candidate);
  }
  std::vector<std::pair<double, int>> open;
  for (const int statement : affected(changed)) {
    const double now = saved(statement, before);
    if (cache_.find(statement, after) != nullptr) {
      outlook.most += saved(statement, after) - now;
      continue;
    }
    const StatementWeight& own = weight(statement);
    double best = potential(statement);
    if (!cache_.statement(statement).limited) {
      best = std::min(best, own.time * (1 - cache_.lower_bound(statement, after) / own.cost_now));
    }
    outlook.most += std::max(0.0, best - now);
    open.emplace_back(-std::max(now, best - now), statement);
  }
  std::ranges::sort(open);
  for (const auto& [stake, statement] : open) {
    outlook.open.push_back(statement);
  }
  return outlook;
}

std::optional<Bytes> Objective::size(int candidate) {
  const auto known = sizes_.find(candidate);
  if (known != sizes_.end()) {
    return known->second;
  }
  Result<Bytes> size = what_if_.size(pool_[candidate].def);
  return sizes_.emplace(candidate, size ? std::optional(*size) : std::nullopt).first->second;
}

Bytes Objective::size(const CandidateSet& set) {
  Bytes total;
  for (const int candidate : set) {
    total.count += size(candidate).value_or(Bytes{}).count;
  }
  return total;
}

const TableWrites& Objective::writes(const TableName& table) const {
  static const TableWrites kNone;
  const auto at = writes_.find(table);
  return at == writes_.end() ? kNone : at->second;
}

double Objective::write_price(const Candidate& made) const {
  const Table* table = schema_.find(made.def.table);
  return table == nullptr ? 0 : prices_.entry * entries_added(made, *table, writes(made.def.table));
}

double Objective::price_of(const Candidate& made, Bytes size) const {
  const double tables = static_cast<double>(std::max<std::int64_t>(prices_.tables.count, 1));
  return write_price(made) + prices_.floor + prices_.storage * static_cast<double>(size.count) / tables;
}

double Objective::price(int candidate) {
  const auto known = known_prices_.find(candidate);
  if (known != known_prices_.end()) {
    return known->second;
  }
  const double price = price_of(pool_[candidate], size(candidate).value_or(Bytes{}));
  return known_prices_.emplace(candidate, price).first->second;
}

}  // namespace planwise
