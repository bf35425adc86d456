#include "analyzer/advise/proposals.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <set>
#include <utility>

#include "analyzer/advise/candidates_merge.h"
#include "analyzer/advise/gain_interval.h"
#include "analyzer/advise/ordering.h"
#include "analyzer/advise/replacements.h"
#include "analyzer/base/text.h"
#include "analyzer/sql/quote.h"

namespace planwise {
namespace {

constexpr std::size_t kMaxAlternatives = 3;
constexpr std::size_t kAlternativesTried = 6;
// Planner costs that differ by less are the same plan to the planner: STD_FUZZ_FACTOR in
// src/backend/optimizer/util/pathnode.c.
constexpr double kFuzz = 0.01;

// The price of an index entry is known within this factor either way: it hangs on what the index keeps
// cached.
constexpr double kWriteError = 3;

Millis per_hour(const ProposalContext& context, double value) {
  const double hours = context.snapshot.workload.hours();
  return Millis{context.measured && hours > 0 ? value / hours : 0};
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
void add_alternatives(ProposalContext& context, int candidate, const CandidateSet& before, int statement,
                      IndexProposal& proposal) {
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
    space.cache.ask({{statement, with}});
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
}

IndexProposal describe(ProposalContext& context, int candidate, const CandidateSet& before,
                       const CandidateSet& after, double part) {
  SearchSpace& space = context.space;
  const Candidate& made = space.pool[candidate];
  const Table& table = *space.schema.find(made.def.table);
  IndexProposal proposal;
  proposal.def = made.def;
  proposal.size = space.objective.size(candidate).value_or(Bytes{});
  proposal.basis = context.what_if.basis();
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

Millis mean_time(const ProposalContext& context, const Statement& statement) {
  return context.measured ? statement.mean_time() : Millis{0};
}

double share_of_load(const ProposalContext& context, double value) {
  const double total = context.measured ? std::max(context.snapshot.workload.total_time.count(),
                                                   context.space.objective.total_time())
                                        : context.space.objective.total_time();
  return total > 0 ? value / total : 0;
}

CandidateSet used_by_plans(ProposalContext& context, const CandidateSet& chosen) {
  std::vector<CostQuestion> questions;
  questions.reserve(static_cast<std::size_t>(context.space.objective.statements()));
  for (int s = 0; s < context.space.objective.statements(); ++s) {
    questions.push_back({s, chosen});
  }
  context.space.cache.ask(questions);
  std::set<int> used;
  for (int s = 0; s < context.space.objective.statements(); ++s) {
    if (const CostAnswer* answer = context.space.cache.find(s, chosen); answer != nullptr) {
      used.insert(answer->used.begin(), answer->used.end());
    }
  }
  return CandidateSet(used.begin(), used.end());
}

void propose(ProposalContext& context, const CandidateSet& chosen, Advice& out) {
  SearchSpace& space = context.space;
  Replacements replacements(context);
  std::map<TableName, Table> named;  // tables with the names already given
  CandidateSet before;
  for (const CandidateSet& group : best_order(space, chosen)) {
    CandidateSet after;
    std::ranges::set_union(before, group, std::back_inserter(after));
    for (const int candidate : group) {
      IndexProposal proposal =
          describe(context, candidate, before, after, 1.0 / static_cast<double>(group.size()));
      const double least = share_of_load(context, space.objective.floor());
      if (proposal.load_saved < least || proposal.gains.empty()) {
        continue;
      }
      const auto by_id = [&](const Statement* statement) {
        return statement->id == proposal.gains.front().statement;
      };
      const auto most = std::ranges::find_if(context.statements, by_id);
      add_alternatives(context, candidate, before, static_cast<int>(most - context.statements.begin()),
                       proposal);
      Table& table =
          named.try_emplace(proposal.def.table, *space.schema.find(proposal.def.table)).first->second;
      proposal.name = index_name(proposal.def, table, context.snapshot.server.engine);
      table.indexes.push_back({.name = proposal.name, .def = proposal.def});
      out.proposals.push_back(std::move(proposal));
    }
    before = std::move(after);
    replacements.settle(before, out.proposals);
  }
  replacements.check(chosen, out);
}

}  // namespace planwise
