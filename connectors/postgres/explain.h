// One EXPLAIN, never ANALYZE, in a READ ONLY transaction of its own that is always rolled back.
//
// What goes in must have passed safe_statement.h. Everything the statement could change for its successors
// ends with the transaction: limits and search path are set LOCAL, and a COMMIT is never sent.
// statement_timeout does not interrupt constant folding (measured), so the session's client-side deadline
// stands behind it.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/base/result.h"
#include "connectors/postgres/replan.h"
#include "connectors/postgres/session.h"

namespace planwise::pg {

struct ExplainLimits {
  std::chrono::milliseconds statement_timeout{2'000};
  std::chrono::milliseconds lock_timeout{
      100};  // a longer wait would queue the application's own locks behind it
  std::size_t plan_bytes = std::size_t{8} << 20U;
  int timeouts = 3;  // after that many the server is left alone
};

// What explain() sends, for callers that plan many statements in one round trip: BEGIN READ ONLY, the local
// limits, the EXPLAIN, ROLLBACK. The text of the EXPLAIN is the same for the same statement each time, since
// pg_stat_statements keeps an entry for each it sees.
struct PlanningCommands {
  std::vector<Command> commands;
  std::size_t answer = 0;  // position of the EXPLAIN
};
[[nodiscard]] PlanningCommands planning_commands(const PlannableStatement& statement,
                                                 const ExplainLimits& limits);

// What must follow a failure: ROLLBACK, and the removal of the prepared statement that outlives it.
[[nodiscard]] Result<void> end_planning(Session& session, PlanMode mode);

// The plan in the answer to an EXPLAIN (FORMAT JSON).
[[nodiscard]] Result<std::string> plan_in(const Rows& answer, const ExplainLimits& limits);

// Not thread-safe; borrows the session, which must be idle and stays outside a transaction between calls.
class Explainer {
 public:
  Explainer(Session& session, ExplainLimits limits) : session_(session), limits_(limits) {}

  // The plan as EXPLAIN (FORMAT JSON) prints it. One round trip, two after an error. Errors: kTimeout
  // (counted), kUnavailable once too many timeouts were seen or the session is lost, kUnsupported for a plan
  // that is too large, else what the server answered, without literals.
  Result<std::string> explain(const PlannableStatement& statement);

  // The types the server infers for $1, $2, ..., as pg_type OIDs. Nothing is planned. Errors as explain().
  Result<std::vector<std::string>> parameter_types(std::string_view sql, const std::string& search_path);

  // The schemas a name without one is looked up in under that search path, pg_catalog and pg_temp included:
  // those that exist and the login may use.
  Result<std::vector<std::string>> active_schemas(const std::string& search_path);

  // The SQLSTATE of the last failure; empty where the server had no say in it.
  [[nodiscard]] const std::string& sqlstate() const noexcept { return sqlstate_; }
  [[nodiscard]] std::size_t explained() const noexcept { return explained_; }
  [[nodiscard]] bool has_given_up() const noexcept { return timeouts_ >= limits_.timeouts; }

 private:
  Result<Rows> run(const PlanningCommands& commands, PlanMode mode);

  Session& session_;
  ExplainLimits limits_;
  std::string sqlstate_;
  std::size_t explained_ = 0;
  int timeouts_ = 0;
};

}  // namespace planwise::pg
