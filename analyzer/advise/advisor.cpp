#include "analyzer/advise/advisor.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <set>
#include <utility>

#include "analyzer/advise/candidates.h"
#include "analyzer/advise/candidates_merge.h"
#include "analyzer/advise/choices.h"
#include "analyzer/advise/cost_cache.h"
#include "analyzer/advise/measured_plan.h"
#include "analyzer/advise/objective.h"
#include "analyzer/advise/proposals.h"
#include "analyzer/advise/search.h"
#include "analyzer/advise/unverified.h"
#include "analyzer/advise/write_cost.h"
#include "analyzer/sql/quote.h"

namespace planwise {
namespace {

// Candidates per use of a table and per statement: what one EXPLAIN can weigh at once in a few milliseconds.
constexpr std::size_t kCandidatesPerPattern = 40;
constexpr std::size_t kCandidatesPerStatement = 120;
// One B-tree entry more costs an insert about 4 microseconds.
// TODO: calibrate to the target from its INSERT statements' own times.
constexpr double kEntryMillis = 0.004;
// The same in planner cost, for workloads without times: a tuple's CPU cost and a share of a page write.
constexpr double kEntryCost = 0.5;
// Indexes as large as all tables together must give back this share of the remaining load besides what they
// cost writes.
constexpr double kStorageShare = 0.1;
// Differences in a statement's time below this share of the remaining load are not asked about; an index must
// give back fifty times as much.
constexpr double kTolerance = 1e-4;
// How far a step of the search and all of them move the progress.
constexpr double kStepShare = 0.005;
constexpr double kSearched = 0.9;
// Of the questions, for the search; the rest is for putting in order what it found.
constexpr double kSearchShare = 0.85;

class Run {
 public:
  Run(const Snapshot& snapshot, const std::map<StatementId, StatementShape>& shapes, WhatIf& what_if,
      const AdviseOptions& options, const AdviseProgress& progress)
      : snapshot_(snapshot), shapes_(shapes), what_if_(what_if), options_(options), progress_(progress) {}

  Result<Advice> advise();

 private:
  void step(double share, std::string_view text) {
    reached_ = std::max(reached_, share);
    if (progress_) {
      progress_(reached_, text);
    }
  }
  void read_statements();
  [[nodiscard]] bool is_served(const Table& table) const;
  void check_tables();
  void make_candidates();
  void learn_about(const CandidateSet& set);
  void learn_best();
  void weigh();
  [[nodiscard]] double remaining_load(const CandidateSet& chosen) const;
  [[nodiscard]] Objective::Prices prices_for(double remaining) const;
  void price_by(const CandidateSet& chosen);
  void finish(Advice& advice);

  const Snapshot& snapshot_;
  const std::map<StatementId, StatementShape>& shapes_;
  WhatIf& what_if_;
  const AdviseOptions& options_;
  const AdviseProgress& progress_;
  double reached_ = 0;
  bool measured_ = true;
  Advice advice_;

  std::vector<const Statement*> statements_;
  std::vector<CostedStatement> costed_;
  std::vector<std::vector<AccessPattern>> patterns_;
  CandidatePool pool_;
  std::vector<CandidateSet> own_;   // by statement
  std::vector<CandidateSet> best_;  // what its plan reads where all of own_ stand
  CandidateSet runners_up_;         // what plans read once best_ is gone
  std::unique_ptr<CostCache> cache_;
  std::unique_ptr<Objective> objective_;
  std::unique_ptr<SearchSpace> space_;
};

bool is_advisable(const StatementShape& shape) {
  return shape.parsed && shape.kind != StatementKind::kUtility && shape.kind != StatementKind::kUnknown;
}

void Run::read_statements() {
  const std::size_t most = static_cast<std::size_t>(std::max<std::int64_t>(options_.max_questions / 4, 1));
  for (const Statement& statement : snapshot_.workload.statements) {
    const auto shape = shapes_.find(statement.id);
    if (shape == shapes_.end() || !is_advisable(shape->second)) {
      advice_.not_helped[statement.id] = shape != shapes_.end() && !shape->second.parsed
                                             ? "it could not be read: " + shape->second.why_not
                                             : "it searches no table";
      continue;
    }
    std::vector<AccessPattern> patterns = access_patterns(shape->second, snapshot_);
    if (patterns.empty()) {
      advice_.not_helped[statement.id] = "it searches no table";
      continue;
    }
    if (statements_.size() == most) {
      advice_.not_helped[statement.id] = "the limit on questions to the planner was reached before it";
      advice_.complete = false;
      continue;
    }
    CostedStatement costed{.id = statement.id, .columns = {}, .limited = false};
    for (const AccessPattern& pattern : patterns) {
      costed.columns[pattern.table->name].insert(pattern.columns.begin(), pattern.columns.end());
    }
    costed.limited = std::ranges::any_of(shape->second.blocks, &QueryBlock::has_limit);
    statements_.push_back(&statement);
    costed_.push_back(std::move(costed));
    patterns_.push_back(std::move(patterns));
  }
}

bool names(const TableName& name, const Table& table) {
  return name.table == table.name.table && (name.schema.empty() || name.schema == table.name.schema);
}

void Run::check_tables() {
  for (const std::vector<TableName>* list : {&options_.only_tables, &options_.excluded_tables}) {
    for (const TableName& name : *list) {
      if (std::ranges::none_of(snapshot_.schema.tables, [&](const Table& t) { return names(name, t); })) {
        advice_.gaps.push_back({"index advice",
                                "there is no table " + quoted(name, snapshot_.server.engine),
                                "check the name given for a table",
                                {},
                                "missing-index",
                                {}});
      }
    }
  }
}

bool Run::is_served(const Table& table) const {
  const bool tiny =
      table.rows.value_or(Rows{}) < options_.tiny_table_rows && table.size < options_.tiny_table_size;
  const bool right_kind = table.kind == TableKind::kTable || table.kind == TableKind::kPartitioned ||
                          table.kind == TableKind::kMaterializedView;
  const auto named = [&](const std::vector<TableName>& list) {
    return std::ranges::any_of(list, [&](const TableName& name) { return names(name, table); });
  };
  return right_kind && !tiny && !table.temporary && !named(options_.excluded_tables) &&
         (options_.only_tables.empty() || named(options_.only_tables));
}

void Run::make_candidates() {
  const KeyShares shares = count_keys(patterns_);
  for (const std::vector<AccessPattern>& patterns : patterns_) {
    std::set<int> own;
    for (const AccessPattern& pattern : patterns) {
      if (!is_served(*pattern.table)) {
        continue;
      }
      for (Candidate& candidate : candidates_for(pattern, shares, snapshot_.server.engine,
                                                 options_.max_index_width, kCandidatesPerPattern)) {
        if (own.size() < kCandidatesPerStatement && what_if_.can_plan(candidate.def)) {
          own.insert(pool_.add(std::move(candidate)));
        }
      }
    }
    own_.emplace_back(own.begin(), own.end());
  }
}

// What every statement costs where the set stands.
void Run::learn_about(const CandidateSet& set) {
  std::vector<CostQuestion> questions;
  questions.reserve(statements_.size());
  for (int s = 0; s < static_cast<int>(statements_.size()); ++s) {
    questions.push_back({s, set});
  }
  return cache_->ask(questions);
}

void Run::weigh() {
  std::vector<StatementWeight> weights;
  std::vector<int> measured_before;  // whose time belongs to an earlier plan
  double time = 0;                   // of the others
  double cost = 0;
  for (int s = 0; s < static_cast<int>(statements_.size()); ++s) {
    const StatementStats& stats = statements_[static_cast<std::size_t>(s)]->stats;
    const CostAnswer* now = cache_->find(s, {});
    StatementWeight weight;
    weight.cost_now = now != nullptr && now->known ? now->cost : 0;
    weight.units_now = weight.cost_now;
    if (measured_ && weight.cost_now > 0) {
      weight.pages = measured_page_times(stats, snapshot_);
      weight.units_now = weight.units(*now);
    }
    const double planned = static_cast<double>(stats.calls) * weight.cost_now;
    weight.time = measured_ ? stats.total_time.count() : planned;
    if (measured_ && measured_under_another_plan(*statements_[static_cast<std::size_t>(s)], snapshot_)) {
      measured_before.push_back(s);
    } else if (planned > 0) {
      time += weight.time;
      cost += planned;
    }
    weights.push_back(weight);
  }
  for (const int s : measured_before) {  // what the plan of now takes, at the others' time for a unit of cost
    StatementWeight& weight = weights[static_cast<std::size_t>(s)];
    const Statement& statement = *statements_[static_cast<std::size_t>(s)];
    const double expected =
        cost > 0 ? static_cast<double>(statement.stats.calls) * weight.cost_now * time / cost : 0;
    weight.time = std::min(weight.time, expected);
    advice_.gaps.push_back(
        {"index advice",
         "most calls of the statement ran before an index that its plan reads now was built",
         "audit again when the counters have seen more calls",
         {},
         "missing-index",
         statement.id});
  }
  objective_ = std::make_unique<Objective>(*cache_, pool_, snapshot_.schema, what_if_, std::move(weights),
                                           table_writes(snapshot_, shapes_), prices_for(remaining_load({})));
}

double Run::remaining_load(const CandidateSet& chosen) const {
  double remaining = snapshot_.workload.total_time.count();
  if (objective_) {
    remaining = std::max(remaining, objective_->total_time());
    for (int s = 0; s < objective_->statements(); ++s) {
      remaining -= std::max(0.0, objective_->saved(s, chosen));
    }
  }
  return remaining;
}

// What indexes must give back, and how exactly it is worth knowing, both hang on the load that remains.
void Run::price_by(const CandidateSet& chosen) {
  const double remaining = remaining_load(chosen);
  objective_->set_prices(prices_for(remaining));
  for (int s = 0; s < objective_->statements(); ++s) {
    const StatementWeight& weight = objective_->weight(s);
    if (weight.time > 0) {
      cache_->set_tolerance(s, kTolerance * remaining / weight.time * weight.cost_now);
    }
  }
}

Objective::Prices Run::prices_for(double remaining) const {
  Objective::Prices prices;
  prices.entry = measured_ ? kEntryMillis : kEntryCost;
  prices.floor = remaining * options_.min_load_saved;
  if (const double hours = snapshot_.workload.hours(); measured_ && hours > 0) {
    prices.floor = std::min(prices.floor, options_.min_saved_per_hour.count() * hours);
  }
  if (measured_) {
    prices.floor = std::max(prices.floor, options_.min_saved.count());
  }
  prices.storage = remaining * kStorageShare;
  for (const Table& table : snapshot_.schema.tables) {
    prices.tables.count += table.partition_of ? 0 : table.size.count;
  }
  return prices;
}

// What each statement's plan reads where all its candidates stand; then again without those, for the
// runners-up.
void Run::learn_best() {
  best_.resize(statements_.size());
  std::vector<CandidateSet> offered = own_;
  constexpr int kRounds = 3;
  for (int round = 0; round < kRounds; ++round) {
    std::vector<CostQuestion> questions;
    for (int s = 0; s < objective_->statements(); ++s) {
      const auto at = static_cast<std::size_t>(s);
      if (!offered[at].empty() && objective_->weight(s).cost_now > 0 && (round < 2 || best_[at].empty())) {
        questions.push_back({s, offered[at]});
      }
    }
    cache_->ask(questions);
    for (const CostQuestion& question : questions) {
      const auto at = static_cast<std::size_t>(question.statement);
      const double saved = objective_->saved(question.statement, question.set);
      const CostAnswer* answer = cache_->find(question.statement, question.set);
      if (answer == nullptr || !answer->known || answer->used.empty()) {
        offered[at].clear();
        continue;
      }
      offered[at] = changed_between(question.set, answer->used);
      if (saved <= 0) {
        continue;
      }
      objective_->note_potential(question.statement, saved);
      CandidateSet& into = best_[at].empty() ? best_[at] : runners_up_;
      into.insert(into.end(), answer->used.begin(), answer->used.end());
    }
  }
}

void Run::finish(Advice& advice) {
  ProposalContext context{.snapshot = snapshot_,
                          .what_if = what_if_,
                          .space = *space_,
                          .statements = statements_,
                          .own = own_,
                          .measured = measured_};
  CandidateSet chosen =
      search_indexes(*space_, own_, best_, runners_up_, [this](const CandidateSet& standing) {
        learn_about(standing);
        price_by(standing);
      });
  step(kSearched, "ordering the proposals");
  advice_.complete = advice_.complete && !cache_->exhausted();
  cache_->set_limit(options_.max_questions);
  for (int s = 0; s < objective_->statements(); ++s) {
    cache_->set_tolerance(s, 0);
  }
  chosen = used_by_plans(context, chosen);
  propose(context, chosen, advice);
  propose_unverified(
      context, shapes_, [this](const Table& table) { return is_served(table); }, advice);
  return explain_choices(context, chosen, advice);
}

Result<Advice> Run::advise() {
  measured_ = snapshot_.workload.total_time.count() > 0;
  check_tables();
  read_statements();
  make_candidates();
  cache_ = std::make_unique<CostCache>(what_if_, snapshot_, pool_, costed_);
  cache_->set_limit(static_cast<std::int64_t>(static_cast<double>(options_.max_questions) * kSearchShare),
                    options_.hurry);
  step(0.05, fmt::format("costing {} statements", statements_.size()));
  learn_about({});
  if (cache_->lost()) {
    return *cache_->lost();
  }
  weigh();
  space_ = std::make_unique<SearchSpace>(SearchSpace{.objective = *objective_,
                                                     .cache = *cache_,
                                                     .pool = pool_,
                                                     .schema = snapshot_.schema,
                                                     .budget = options_.storage_budget,
                                                     .max_indexes = options_.max_indexes,
                                                     .max_width = options_.max_index_width,
                                                     .least_gain = objective_->total_time() * 1e-6,
                                                     .on_step = {}});
  space_->on_step = [this] {
    step(std::min(reached_ + kStepShare, kSearched), "searching for the best set");
  };
  step(0.2, fmt::format("trying {} candidate indexes", pool_.size()));
  learn_best();
  finish(advice_);
  if (cache_->lost()) {
    advice_.gaps.push_back({.what = "index advice",
                            .why = "the what-if session was lost: " + cache_->lost()->message,
                            .remedy = "run the audit again",
                            .remedy_sql = {},
                            .rule = "missing-index",
                            .statement = {}});
  }
  if (cache_->exhausted()) {
    advice_.complete = false;
  }
  advice_.questions += cache_->questions();
  step(1, "advice ready");
  return std::move(advice_);
}

}  // namespace

Result<Advice> advise(const Snapshot& snapshot, const std::map<StatementId, StatementShape>& shapes,
                      WhatIf& what_if, const AdviseOptions& options, const AdviseProgress& progress) {
  return Run(snapshot, shapes, what_if, options, progress).advise();
}

}  // namespace planwise
