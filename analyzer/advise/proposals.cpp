#include "analyzer/advise/proposals.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <set>
#include <utility>

#include "analyzer/advise/gain_interval.h"
#include "analyzer/advise/redundancy.h"
#include "analyzer/base/text.h"
#include "analyzer/sql/quote.h"

namespace planwise {
namespace {

constexpr std::size_t kMaxAlternatives = 3;
constexpr std::size_t kAlternativesTried = 6;
// Planner costs that differ by less are the same plan to the planner: STD_FUZZ_FACTOR in
// src/backend/optimizer/util/pathnode.c.
constexpr double kFuzz = 0.01;

// The price of an index entry is known within this factor either way: it hangs on what the index keeps cached.
constexpr double kWriteError = 3;

using Group = CandidateSet;  // added together: none of them gains alone

// The chosen indexes in the order in which each gives back most once those before it stand.
class Ordering {
 public:
  Ordering(ProposalContext& context, const CandidateSet& chosen) : space_(context.space) {
    for (const int candidate : chosen) {
      offers_.push_back({.group = {candidate}});
    }
    for (int s = 0; s < space_.objective.statements(); ++s) {
      const CostAnswer* answer = space_.cache.find(s, chosen);
      const auto same = [&](const Offer& offer) { return offer.group == answer->used; };
      if (answer != nullptr && answer->used.size() > 1 && std::ranges::none_of(offers_, same)) {
        offers_.push_back({.group = answer->used});
      }
    }
  }

  [[nodiscard]] const CandidateSet& before() const { return before_; }

  // Empty where nothing gains any more.
  Result<Group> next() {
    PLANWISE_CHECK_OK(evaluate());
    const Offer* best = nullptr;
    for (const Offer& offer : offers_) {
      const bool alone = offer.group.size() == 1;
      const bool best_alone = best != nullptr && best->group.size() == 1;
      // An index that gains by itself goes before any that need company.
      if (offer.gain > 0 && (best == nullptr || (alone == best_alone && offer.gain > best->gain))) {
        best = &offer;
      }
    }
    return best == nullptr ? Group{} : best->group;
  }

  void take(const Group& group) {
    const std::vector<int> affected = space_.objective.affected(group);
    before_ = with_candidates(before_, group, space_.pool);
    for (Offer& offer : offers_) {
      const std::size_t size = offer.group.size();
      std::erase_if(offer.group,
                    [&](int candidate) { return std::ranges::binary_search(before_, candidate); });
      const std::vector<int> own = space_.objective.affected(offer.group);
      offer.known = offer.known && offer.group.size() == size &&
                    std::ranges::none_of(own, [&](int s) { return std::ranges::binary_search(affected, s); });
    }
    std::erase_if(offers_, [](const Offer& offer) { return offer.group.empty(); });
  }

 private:
  struct Offer {
    Group group;
    double gain = 0;
    bool known = false;
  };

  Result<void> evaluate() {
    std::vector<CostQuestion> questions;
    for (const Offer& offer : offers_) {
      if (!offer.known) {
        space_.objective.add_questions(before_, with_candidates(before_, offer.group, space_.pool),
                                       offer.group, questions);
      }
    }
    PLANWISE_CHECK_OK(space_.cache.ask(questions));
    for (Offer& offer : offers_) {
      if (!offer.known) {
        const CandidateSet after = with_candidates(before_, offer.group, space_.pool);
        offer.gain = space_.objective.difference(before_, after, offer.group);
        offer.known = true;
      }
    }
    return {};
  }

  SearchSpace& space_;
  CandidateSet before_;
  std::vector<Offer> offers_;
};

Millis per_hour(const ProposalContext& context, double value) {
  const double hours = context.snapshot.workload.hours();
  return Millis{context.measured && hours > 0 ? value / hours : 0};
}

Millis mean_time(const ProposalContext& context, const Statement& statement) {
  return context.measured ? statement.mean_time() : Millis{0};
}

std::vector<std::string> replaced_by(const IndexDef& def, const Table& table) {
  std::vector<std::string> names;
  for (const Index& index : table.indexes) {
    if (is_plain(index) && index.valid && covered_by(index.def, def)) {
      names.push_back(index.name);
    }
  }
  return names;
}

void add_gains(const ProposalContext& context, const CandidateSet& before, const CandidateSet& after,
               double part, IndexProposal& proposal) {
  const Objective& objective = context.space.objective;
  for (int s = 0; s < objective.statements(); ++s) {
    const CostAnswer* was = context.space.cache.find(s, before);
    const CostAnswer* is = context.space.cache.find(s, after);
    if (was == nullptr || is == nullptr || !was->known || !is->known || was->cost <= 0 ||
        objective.weight(s).time <= 0 || std::abs(is->cost / was->cost - 1) <= kFuzz) {
      continue;
    }
    const StatementWeight& weight = objective.weight(s);
    const Statement& statement = *context.statements[static_cast<std::size_t>(s)];
    const RemainingShare then =
        remaining_share(weight, *context.space.cache.find(s, {}), *is, mean_time(context, statement));
    const double share = (objective.saved(s, after) - objective.saved(s, before)) / weight.time * part;
    const double low = share - (then.high - then.typical) * part;
    const double high = share + (then.typical - then.low) * part;
    proposal.gains.push_back({.statement = statement.id,
                              .before = {was->cost},
                              .after = {is->cost},
                              .saved_per_hour = per_hour(context, weight.time * share),
                              .share = share,
                              .share_low = low,
                              .share_high = high});
    proposal.load_saved += share_of_load(context, weight.time * share);
    proposal.load_saved_low += share_of_load(context, weight.time * low);
    proposal.load_saved_high += share_of_load(context, weight.time * high);
    proposal.saved_per_hour += per_hour(context, weight.time * share);
  }
  const auto relief = [](const StatementGain& gain) { return gain.before.units - gain.after.units; };
  std::ranges::stable_sort(proposal.gains, [&](const StatementGain& left, const StatementGain& right) {
    return std::pair(left.saved_per_hour, relief(left)) > std::pair(right.saved_per_hour, relief(right));
  });
}

// Other indexes for the statement that gains most, each tried in the place of the chosen one.
Result<void> add_alternatives(ProposalContext& context, int candidate, const CandidateSet& before,
                              int statement, IndexProposal& proposal) {
  SearchSpace& space = context.space;
  const Engine engine = context.snapshot.server.engine;
  CandidateSet tried;
  for (Candidate& form : simpler_forms(space.pool[candidate])) {
    const Table* table = space.schema.find(form.def.table);
    if (table != nullptr && !exists(form.def, *table)) {
      tried.push_back(space.pool.add(std::move(form)));
    }
  }
  for (const int other : context.own[static_cast<std::size_t>(statement)]) {
    const bool is_new = other != candidate && std::ranges::find(tried, other) == tried.end();
    if (is_new && space.pool[other].def.table == space.pool[candidate].def.table) {
      tried.push_back(other);
    }
  }
  std::vector<std::pair<double, int>> losers;
  const double chosen = space.objective.saved(statement, with_candidates(before, {candidate}, space.pool)) -
                        space.objective.saved(statement, before);
  for (std::size_t i = 0; i < tried.size() && i < kAlternativesTried; ++i) {
    if (!space.objective.size(tried[i])) {
      continue;
    }
    const CandidateSet with = with_candidates(before, {tried[i]}, space.pool);
    PLANWISE_CHECK_OK(space.cache.ask({{statement, with}}));
    losers.emplace_back(space.objective.saved(statement, with) - space.objective.saved(statement, before),
                        tried[i]);
  }
  std::ranges::stable_sort(losers,
                           [](const auto& left, const auto& right) { return left.first > right.first; });
  for (const auto& [saved, other] : losers) {
    if (proposal.alternatives.size() == kMaxAlternatives || chosen <= 0) {
      break;
    }
    const Bytes size = space.objective.size(other).value_or(Bytes{});
    std::string reason;
    if (saved < chosen * (1 - kFuzz)) {
      reason = fmt::format("gives the statement it helps most {} of what this one gives",
                           human_share(std::max(0.0, saved / chosen)));
    } else if (size > proposal.size) {
      reason = fmt::format("gives no more and is {} larger", human(Bytes{size.count - proposal.size.count}));
    } else {
      reason = "serves that statement as well, the workload less";
    }
    std::string alternative = index_columns(space.pool[other].def, engine) + ": " + reason;
    if (std::ranges::find(proposal.alternatives, alternative) == proposal.alternatives.end()) {
      proposal.alternatives.push_back(std::move(alternative));
    }
  }
  return {};
}

// Existing indexes stay where hiding them makes any plan dearer.
Result<void> check_replacements(ProposalContext& context, const CandidateSet& chosen, Advice& out) {
  IndexSet set;
  for (const int candidate : chosen) {
    set.added.push_back(context.space.pool[candidate].def);
  }
  for (const IndexProposal& proposal : out.proposals) {
    for (const std::string& name : proposal.replaces) {
      set.removed.push_back({proposal.def.table.schema, name});
    }
  }
  if (set.removed.empty() || !context.what_if.can_hide()) {
    return {};
  }
  std::vector<int> numbers;
  std::vector<StatementId> ids;
  for (int s = 0; s < context.space.objective.statements(); ++s) {
    const CostAnswer* answer = context.space.cache.find(s, chosen);
    if (answer != nullptr && answer->known) {
      numbers.push_back(s);
      ids.push_back(context.statements[static_cast<std::size_t>(s)]->id);
    }
  }
  PLANWISE_TRY(const std::vector<StatementCost> costs, context.what_if.costs(ids, set, false));
  out.questions += static_cast<std::int64_t>(ids.size());
  double more = 0;
  for (std::size_t i = 0; i < costs.size() && i < numbers.size(); ++i) {
    const StatementWeight& weight = context.space.objective.weight(numbers[i]);
    const CostAnswer* answer = context.space.cache.find(numbers[i], chosen);
    if (costs[i].cost && weight.cost_now > 0) {
      more += weight.time * std::max(0.0, costs[i].cost->units - answer->cost) / weight.cost_now;
    }
  }
  if (more > context.space.objective.floor()) {
    for (IndexProposal& proposal : out.proposals) {
      proposal.replaces.clear();
    }
  }
  return {};
}

Result<IndexProposal> describe(ProposalContext& context, int candidate, const CandidateSet& before,
                               const CandidateSet& after, double part) {
  SearchSpace& space = context.space;
  const Candidate& made = space.pool[candidate];
  const Table& table = *space.schema.find(made.def.table);
  IndexProposal proposal;
  proposal.def = made.def;
  proposal.size = space.objective.size(candidate).value_or(Bytes{});
  proposal.basis = context.what_if.basis();
  proposal.replaces = replaced_by(made.def, table);
  proposal.write_overhead = write_overhead(made, table, space.objective.writes(made.def.table));
  add_gains(context, before, after, part, proposal);
  const double writes = space.objective.write_price(candidate);
  proposal.saved_per_hour -= per_hour(context, writes);
  proposal.load_saved -= share_of_load(context, writes);
  proposal.load_saved_low -= share_of_load(context, writes * kWriteError);
  proposal.load_saved_high -= share_of_load(context, writes / kWriteError);
  return proposal;
}

}  // namespace

double share_of_load(const ProposalContext& context, double value) {
  const double total = context.measured ? std::max(context.snapshot.workload.total_time.count(),
                                                   context.space.objective.total_time())
                                        : context.space.objective.total_time();
  return total > 0 ? value / total : 0;
}

Result<CandidateSet> used_by_plans(ProposalContext& context, const CandidateSet& chosen) {
  std::vector<CostQuestion> questions;
  questions.reserve(static_cast<std::size_t>(context.space.objective.statements()));
  for (int s = 0; s < context.space.objective.statements(); ++s) {
    questions.push_back({s, chosen});
  }
  PLANWISE_CHECK_OK(context.space.cache.ask(questions));
  std::set<int> used;
  for (int s = 0; s < context.space.objective.statements(); ++s) {
    if (const CostAnswer* answer = context.space.cache.find(s, chosen); answer != nullptr) {
      used.insert(answer->used.begin(), answer->used.end());
    }
  }
  return CandidateSet(used.begin(), used.end());
}

Result<void> propose(ProposalContext& context, const CandidateSet& chosen, Advice& out) {
  Ordering ordering(context, chosen);
  std::map<TableName, Table> named;  // tables with the names already given
  while (true) {
    PLANWISE_TRY(const Group group, ordering.next());
    if (group.empty()) {
      break;
    }
    const CandidateSet before = ordering.before();
    const CandidateSet after = with_candidates(before, group, context.space.pool);
    for (const int candidate : group) {
      PLANWISE_TRY(IndexProposal proposal,
                   describe(context, candidate, before, after, 1.0 / static_cast<double>(group.size())));
      const double least = share_of_load(context, context.space.objective.floor());
      if (proposal.load_saved < least || proposal.gains.empty()) {
        continue;
      }
      const auto by_id = [&](const Statement* statement) {
        return statement->id == proposal.gains.front().statement;
      };
      const auto most = std::ranges::find_if(context.statements, by_id);
      PLANWISE_CHECK_OK(add_alternatives(context, candidate, before,
                                         static_cast<int>(most - context.statements.begin()), proposal));
      Table& table =
          named.try_emplace(proposal.def.table, *context.space.schema.find(proposal.def.table)).first->second;
      proposal.name = index_name(proposal.def, table, context.snapshot.server.engine);
      table.indexes.push_back({.name = proposal.name, .def = proposal.def});
      out.proposals.push_back(std::move(proposal));
    }
    ordering.take(group);
  }
  return check_replacements(context, chosen, out);
}

}  // namespace planwise
