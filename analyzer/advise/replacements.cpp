#include "analyzer/advise/replacements.h"

#include <algorithm>
#include <utility>

#include "analyzer/advise/redundancy.h"

namespace planwise {

bool Replacements::is_read(const TableName& table, const std::string& index,
                           const CandidateSet& standing) const {
  return std::ranges::any_of(context_.space.cache.readers(table), [&](int statement) {
    const CostAnswer* answer = context_.space.cache.find(statement, standing);
    return answer == nullptr ||
           std::ranges::find(answer->used_existing, index) != answer->used_existing.end();
  });
}

void Replacements::settle(const CandidateSet& standing, std::vector<IndexProposal>& proposals) {
  std::map<TableName, IndexProposal*> last;
  for (IndexProposal& proposal : proposals) {
    last[proposal.def.table] = &proposal;
  }
  for (const auto& [name, into] : last) {
    for (const Index& index : context_.space.schema.find(name)->indexes) {
      const bool covered = std::ranges::any_of(proposals, [&](const IndexProposal& proposal) {
        return covered_by(index.def, proposal.def).has_value();
      });
      if (covered && is_plain(index) && index.valid && !is_read(name, index.name, standing) &&
          settled_.insert({name.schema, index.name}).second) {
        into->replaces.push_back(index.name);
      }
    }
  }
}

void Replacements::check(const CandidateSet& chosen, Advice& out) {
  const SearchSpace& space = context_.space;
  if (settled_.empty() || !context_.what_if.can_hide() || space.cache.lost()) {
    return;
  }
  IndexSet set;
  for (const int candidate : chosen) {
    set.added.push_back(space.pool[candidate].def);
  }
  set.removed.assign(settled_.begin(), settled_.end());
  std::vector<int> numbers;
  std::vector<StatementId> ids;
  for (int s = 0; s < space.objective.statements(); ++s) {
    const CostAnswer* answer = space.cache.find(s, chosen);
    if (answer != nullptr && answer->known) {
      numbers.push_back(s);
      ids.push_back(context_.statements[static_cast<std::size_t>(s)]->id);
    }
  }
  const Result<std::vector<StatementCost>> costs = context_.what_if.costs(ids, set, false);
  out.questions += static_cast<std::int64_t>(ids.size());
  double more = 0;
  for (std::size_t i = 0; costs && i < costs->size() && i < numbers.size(); ++i) {
    const StatementWeight& weight = space.objective.weight(numbers[i]);
    if ((*costs)[i].cost && weight.cost_now > 0) {
      const double dearer = (*costs)[i].cost->units - space.cache.find(numbers[i], chosen)->cost;
      more += weight.time * std::max(0.0, dearer) / weight.cost_now;
    }
  }
  if (!costs || more > space.objective.floor()) {
    for (IndexProposal& proposal : out.proposals) {
      proposal.replaces.clear();
    }
  }
}

}  // namespace planwise
