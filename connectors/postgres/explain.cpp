#include "connectors/postgres/explain.h"

#include <iterator>
#include <utility>

#include "connectors/postgres/server_error.h"

namespace planwise::pg {
namespace {

constexpr std::string_view kExplain = "EXPLAIN (FORMAT JSON) ";
constexpr std::string_view kExplainGeneric = "EXPLAIN (FORMAT JSON, GENERIC_PLAN) ";
// One prepared statement at a time, of one name.
constexpr std::string_view kPrepare = "PREPARE planwise_statement AS ";
constexpr std::string_view kExecute = "EXECUTE planwise_statement";
constexpr std::string_view kDeallocate = "DEALLOCATE planwise_statement";

std::string joined(std::string_view a, std::string_view b) {
  return std::string(a).append(b);
}

// `commands` in a READ ONLY transaction with planwise's limits, under the application's search path.
PlanningCommands in_transaction(const std::string& search_path, const ExplainLimits& limits,
                                bool force_generic, std::vector<Command> commands, std::size_t answer) {
  // Join search is exhaustive below geqo_threshold and below the collapse limits: eleven relations of one
  // equivalence class take longer than two seconds at the default of 12 (measured). The third argument makes
  // each local.
  Command settings{
      "SELECT set_config('statement_timeout', $1, true), set_config('lock_timeout', $2, true),"
      " set_config('idle_in_transaction_session_timeout', '10s', true), set_config('geqo_threshold', '8', "
      "true),"
      " set_config('from_collapse_limit', '8', true), set_config('join_collapse_limit', '8', true),"
      " set_config('plan_cache_mode', $3, true), set_config('search_path', $4, true)"};
  settings.parameters = {std::to_string(limits.statement_timeout.count()),
                         std::to_string(limits.lock_timeout.count()),
                         force_generic ? "force_generic_plan" : "auto", search_path};
  PlanningCommands all{{{"BEGIN TRANSACTION READ ONLY"}, std::move(settings)}, answer + 2};
  all.commands.insert(all.commands.end(), std::make_move_iterator(commands.begin()),
                      std::make_move_iterator(commands.end()));
  all.commands.push_back({"ROLLBACK"});
  return all;
}

}  // namespace

PlanningCommands planning_commands(const PlannableStatement& statement, const ExplainLimits& limits) {
  std::vector<Command> commands;
  if (statement.mode == PlanMode::kForced) {
    std::string arguments;
    for (std::size_t i = 0; i < statement.parameters.size(); ++i) {
      arguments += i == 0 ? "(NULL" : ", NULL";
    }
    arguments += arguments.empty() ? "" : ")";
    commands = {{joined(kPrepare, statement.sql)},
                {joined(kExplain, joined(kExecute, arguments))},
                {std::string(kDeallocate)}};
    return in_transaction(statement.search_path, limits, true, std::move(commands), 1);
  }
  const bool generic = statement.mode == PlanMode::kGeneric;
  commands = {{joined(generic ? kExplainGeneric : kExplain, statement.sql), statement.parameters}};
  return in_transaction(statement.search_path, limits, false, std::move(commands), 0);
}

Result<void> end_planning(Session& session, PlanMode mode) {
  std::vector<Command> commands{{"ROLLBACK"}};
  if (mode == PlanMode::kForced) {
    commands.push_back({std::string(kDeallocate)});  // fails where the PREPARE did
  }
  if (auto answers = session.run(commands); !answers) {
    return std::move(answers).error();
  }
  return {};
}

Result<std::string> plan_in(const Rows& answer, const ExplainLimits& limits) {
  if (answer.empty()) {
    return Error{ErrorCode::kMalformed, "the server answered EXPLAIN with nothing"};
  }
  std::string plan = answer[0].text_or_empty("QUERY PLAN");
  if (plan.size() > limits.plan_bytes) {
    return Error{ErrorCode::kUnsupported, "its plan is larger than 8 MB"};
  }
  return plan;
}

Result<Rows> Explainer::run(const PlanningCommands& commands, PlanMode mode) {
  sqlstate_.clear();
  if (has_given_up()) {
    return Error{ErrorCode::kUnavailable,
                 "planning was stopped after " + std::to_string(limits_.timeouts) + " timeouts"};
  }
  if (!session_.is_open()) {
    PLANWISE_CHECK_OK(session_.reopen(session_.deadline()));
  }
  auto answers =
      session_.run(commands.commands, std::chrono::steady_clock::now() + 2 * limits_.statement_timeout);
  if (!answers) {
    timeouts_ += answers.error().code == ErrorCode::kTimeout ? 1 : 0;
    return std::move(answers).error();
  }
  // The first failure tells why; what follows it was not run.
  for (Result<Rows>& result : *answers) {
    if (!result) {
      sqlstate_ = session_.sqlstate();
      timeouts_ += sqlstate_ == kQueryCanceled ? 1 : 0;
      if (session_.is_open()) {
        PLANWISE_CHECK_OK(end_planning(session_, mode));
      }
      return std::move(result).error();
    }
  }
  return std::move((*answers)[commands.answer]);
}

Result<std::string> Explainer::explain(const PlannableStatement& statement) {
  ++explained_;
  PLANWISE_TRY(const Rows rows, run(planning_commands(statement, limits_), statement.mode));
  return plan_in(rows, limits_);
}

Result<std::vector<std::string>> Explainer::parameter_types(std::string_view sql,
                                                            const std::string& search_path) {
  // Types as OIDs: their names would depend on the search path, which here is the application's.
  std::vector<Command> commands{{joined(kPrepare, sql)},
                                {"SELECT parameter_types::pg_catalog.oid[]::pg_catalog.text AS types FROM "
                                 "pg_catalog.pg_prepared_statements"
                                 " WHERE name OPERATOR(pg_catalog.=) 'planwise_statement'"},
                                {std::string(kDeallocate)}};
  PLANWISE_TRY(const Rows rows,
               run(in_transaction(search_path, limits_, false, std::move(commands), 1), PlanMode::kBound));
  return rows.empty() ? std::vector<std::string>{}
                      : array_of(rows[0], "types").value_or(std::vector<std::string>{});
}

Result<std::vector<std::string>> Explainer::active_schemas(const std::string& search_path) {
  std::vector<Command> commands{{"SELECT pg_catalog.current_schemas(true)::pg_catalog.text AS schemas"}};
  PLANWISE_TRY(const Rows rows,
               run(in_transaction(search_path, limits_, false, std::move(commands), 0), PlanMode::kBound));
  return rows.empty() ? std::vector<std::string>{}
                      : array_of(rows[0], "schemas").value_or(std::vector<std::string>{});
}

}  // namespace planwise::pg
