#include "connectors/postgres/replan.h"

#include <algorithm>
#include <limits>
#include <map>
#include <utility>

#include "analyzer/sql/fingerprint.h"
#include "analyzer/sql/quote.h"
#include "connectors/postgres/plan_ladder.h"
#include "connectors/postgres/session.h"

namespace planwise::pg {
namespace {

Gap gap_of(StatementId id, const PlanningOutcome& outcome) {
  Gap gap;
  gap.what = "plan of a statement";
  gap.why = outcome.plan.error;
  gap.remedy = outcome.remedy;
  gap.statement = id;
  return gap;
}

// Share of the load whose statements have a plan.
double load_planned(const Snapshot& snapshot) {
  double planned = 0;
  double total = 0;
  for (const Statement& statement : snapshot.workload.statements) {
    const double weight = snapshot.workload.total_time.count() > 0 ? statement.stats.total_time.count() : 1;
    total += weight;
    planned += snapshot.plan_of(statement.id) != nullptr ? weight : 0;
  }
  total = std::max(total, snapshot.workload.total_time.count());
  return total > 0 ? planned / total : 0;
}

// How many statements may be explained before pg_stat_statements would drop the application's to make room
// for ours (an entry each, of all databases together); a twentieth of it is kept free for what else runs. A
// fiftieth is always few enough.
std::size_t room_for_statements(Session& session, const Snapshot& snapshot) {
  constexpr double kKeptFree = 0.05;
  constexpr double kAlways = 0.02;
  constexpr std::size_t kUnbounded = std::numeric_limits<std::size_t>::max();
  const auto most = snapshot.setting("pg_stat_statements.max");
  const std::string schema = session.extension_schema("pg_stat_statements");
  if (!most || schema.empty()) {
    return kUnbounded;
  }
  const auto state = session.query(
      "SELECT current_setting('pg_stat_statements.track', true) AS track, (SELECT count(*) FROM " +
      quoted(schema, Engine::kPostgres) + ".pg_stat_statements(false)) AS held");
  if (!state || state->empty() || (*state)[0].text_or_empty("track") == "none") {
    return kUnbounded;
  }
  const double free = *most - (*state)[0].number("held").value_or(0);
  return static_cast<std::size_t>(std::max(kAlways * *most, free - kKeptFree * *most));
}

// Texts with literals, by fingerprint: those given from outside, else those that other sessions run.
struct Literals {
  std::map<StatementId, std::string> texts;
  PlanSource source = PlanSource::kParameters;
};

Literals literals_for(PlanningContext& context, const CaptureOptions& options, std::vector<Gap>& gaps) {
  Literals literals;
  if (!options.given.empty()) {
    literals.source = PlanSource::kAsIs;
    for (const GivenStatement& given : options.given) {
      literals.texts.emplace(normalise(given.sql, Engine::kPostgres).id, given.sql);
    }
    return literals;
  }
  auto running = context.running_statements();
  if (running) {
    literals.texts = *std::move(running);
  } else {
    gaps.push_back({"values of running statements", running.error().message, running.error().hint});
  }
  return literals;
}

}  // namespace

Result<PlannedStatements> plan_statements(Session& session, Snapshot& snapshot, const CaptureOptions& options,
                                          std::chrono::steady_clock::time_point deadline) {
  PlannedStatements planned;
  if (!options.with_plans || snapshot.workload.statements.empty()) {
    return planned;
  }
  ExplainLimits limits;
  limits.statement_timeout = std::min(limits.statement_timeout, options.statement_timeout);
  Explainer explainer(session, limits);
  auto context = PlanningContext::read(session, explainer, options.trusted_owners);
  if (!context) {
    Error error = std::move(context).error();
    if (!session.is_open()) {
      return std::move(error).in("preparing to plan statements");
    }
    snapshot.gaps.push_back(
        {"plans of statements", "what they call could not be checked: " + error.message, error.hint});
    return planned;
  }
  const Literals literals = literals_for(*context, options, snapshot.gaps);
  PlanLadder ladder(session, explainer, *context, snapshot);
  const std::size_t room = room_for_statements(session, snapshot);
  std::size_t tried = 0;
  for (const Statement& statement : snapshot.workload.statements) {
    PlanningOutcome outcome;
    if (tried++ >= options.plan_limit) {
      outcome.plan.error =
          "it is not among the " + std::to_string(options.plan_limit) + " statements with most time";
    } else if (tried > room) {
      outcome.plan.error =
          "explaining it would push statements out of pg_stat_statements, which is nearly full";
      outcome.remedy =
          "raise pg_stat_statements.max, or let planwise's statements go uncounted (PostgreSQL 15)";
    } else if (std::chrono::steady_clock::now() >= deadline) {
      outcome.plan.error = "the audit's time was over";
      outcome.remedy = "give the audit more time";
    } else {
      const auto literal = literals.texts.find(statement.id);
      outcome = ladder.plan(statement,
                            literal == literals.texts.end() ? std::nullopt : std::optional(literal->second),
                            literals.source);
    }
    if (!outcome.plan.plan && !outcome.reads_nothing) {
      snapshot.gaps.push_back(gap_of(statement.id, outcome));
    }
    if (outcome.form) {
      planned.statements.push_back(*std::move(outcome.form));
    }
    snapshot.plans[statement.id] = std::move(outcome.plan);
  }
  std::ranges::sort(planned.statements, {}, &PlannableStatement::id);
  planned.load_planned = load_planned(snapshot);
  planned.explained = explainer.explained();
  return planned;
}

}  // namespace planwise::pg
