#include "analyzer/advise/choices.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "analyzer/advise/gain_interval.h"
#include "analyzer/base/text.h"
#include "analyzer/sql/quote.h"

namespace planwise {
namespace {

constexpr std::size_t kTriedShown = 5;
// Planner costs that differ by less are the same plan to the planner: STD_FUZZ_FACTOR in
// src/backend/optimizer/util/pathnode.c.
constexpr double kFuzz = 0.01;

std::set<StatementId> helped_by(const std::vector<IndexProposal>& proposals) {
  std::set<StatementId> helped;
  for (const IndexProposal& proposal : proposals) {
    for (const StatementGain& gain : proposal.gains) {
      if (gain.after < gain.before) {
        helped.insert(gain.statement);
      }
    }
  }
  return helped;
}

std::string why_not(const ProposalContext& context, int s) {
  const Objective& objective = context.space.objective;
  const std::size_t offered = context.own[static_cast<std::size_t>(s)].size();
  const CostAnswer* now = context.space.cache.find(s, {});
  if (now == nullptr) {
    return "the limit on questions to the planner was reached before it";
  }
  if (!now->known) {
    return "it could not be planned: " + now->error;
  }
  if (offered == 0) {
    return "its tables are small or left out, or existing indexes answer all that it asks of them";
  }
  if (objective.potential(s) <= objective.weight(s).time * kFuzz) {
    return fmt::format("none of {} indexes tried lowers its cost by more than 1 %", offered);
  }
  if (objective.potential(s) < objective.floor()) {
    return fmt::format("the best index would give back {} of the load, less than an index is worth",
                       human_share(share_of_load(context, objective.potential(s))));
  }
  return "the indexes that would help it cost more than they give back, or do not fit the storage budget";
}

StatementChoice choice_of(const ProposalContext& context, int s, const CandidateSet& chosen,
                          const std::map<IndexDef, std::string>& names) {
  const Engine engine = context.snapshot.server.engine;
  const StatementWeight& weight = context.space.objective.weight(s);
  const CandidatePool& pool = context.space.pool;
  const CostAnswer& now = *context.space.cache.find(s, {});
  const CostAnswer* then = context.space.cache.find(s, chosen);
  StatementChoice choice;
  choice.before = choice.after = {now.cost};
  choice.offered = context.own[static_cast<std::size_t>(s)].size();
  if (then != nullptr && then->known) {
    const Statement& statement = *context.statements[static_cast<std::size_t>(s)];
    const RemainingShare share = remaining_share(weight, now, *then, mean_time(context, statement));
    choice.after = {then->cost};
    choice.saved = 1 - share.typical;
    choice.saved_low = 1 - share.high;
    choice.saved_high = 1 - share.low;
    for (const int candidate : then->used) {
      if (const auto name = names.find(pool[candidate].def); name != names.end()) {
        choice.uses.push_back(name->second);
      }
    }
  }
  for (const CostAnswer* answer : context.space.cache.best_known(s, kTriedShown)) {
    StatementChoice::Tried tried{.indexes = {}, .cost = {answer->cost}};
    for (const int candidate : answer->used) {
      tried.indexes.push_back(quoted(pool[candidate].def.table, engine) + " " +
                              index_columns(pool[candidate].def, engine));
    }
    choice.tried.push_back(std::move(tried));
  }
  return choice;
}

}  // namespace

void explain_choices(const ProposalContext& context, const CandidateSet& chosen, Advice& out) {
  const std::set<StatementId> helped = helped_by(out.proposals);
  std::map<IndexDef, std::string> names;
  CandidateSet proposed;
  for (const IndexProposal& proposal : out.proposals) {
    names.emplace(proposal.def, proposal.name);
  }
  for (const int candidate : chosen) {
    if (names.contains(context.space.pool[candidate].def)) {
      proposed.push_back(candidate);
    }
  }
  std::vector<CostQuestion> questions;
  for (int s = 0; s < context.space.objective.statements(); ++s) {
    questions.push_back({s, proposed});
  }
  context.space.cache.ask(questions);
  for (int s = 0; s < context.space.objective.statements(); ++s) {
    const StatementId id = context.statements[static_cast<std::size_t>(s)]->id;
    if (!helped.contains(id)) {
      out.not_helped[id] = why_not(context, s);
    }
    if (context.space.objective.weight(s).cost_now > 0) {
      StatementChoice& choice = out.choices[id] = choice_of(context, s, proposed, names);
      choice.reason = helped.contains(id) ? "" : out.not_helped[id];
    }
  }
}

}  // namespace planwise
