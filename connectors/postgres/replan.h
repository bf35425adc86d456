// Plans for the workload: from a normalised text with parameters to a plan its planner would really choose.
//
// A ladder, first rung that holds wins:
//   1. the text as it stands, where it has no parameters (PlanSource::kAsIs);
//   2. the literals of a running statement of the same fingerprint, from pg_stat_activity (kParameters);
//   3. values drawn from the column statistics, bound as parameters (kStatistics): the planner sees
//   constants, so LIMIT,
//      ranges, LIKE and partition pruning are planned as in the application;
//   4. GENERIC_PLAN (16 and later), or PREPARE with plan_cache_mode = force_generic_plan (12 to 15)
//   (kGeneric). The
//      latter prunes every partition (measured), so a plan that reads nothing is told as a failure.
// A login that may only read, or a standby, gets no plan for what writes or locks: then the rung is tried
// with the SELECT that finds the same rows (read_form.h), under a node for the write. Nothing here executes a
// statement. What must not be planned (safe_statement.h) is a Gap and StatementPlan::error.
//
// Planning itself can count as an index scan: the planner probes an index for the end of a column's range
// when a constant lies in the first or last bucket of its histogram (get_actual_variable_range, selfuncs.c;
// measured on 14 to 18). Rung 3 therefore draws range bounds from inside the histogram, and the connector
// reads the index counters before it plans.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "analyzer/base/result.h"
#include "analyzer/model/snapshot.h"
#include "connectors/connector.h"

namespace planwise::pg {

class Session;

enum class PlanMode : std::uint8_t {
  kBound,    // the planner knows the parameters' values
  kGeneric,  // EXPLAIN (GENERIC_PLAN): no value is looked at (16 and later)
  kForced,   // PREPARE and EXPLAIN EXECUTE with plan_cache_mode = force_generic_plan (12 to 15)
};

// A statement in the form in which the server planned it; what the what-if session asks again.
struct PlannableStatement {
  StatementId id;
  std::string sql;  // one statement, without EXPLAIN
  std::vector<std::optional<std::string>>
      parameters;           // of $1, $2, ..., in the types' text form; nullopt is NULL
  std::string search_path;  // as SET takes it
  PlanSource source = PlanSource::kAsIs;
  PlanMode mode = PlanMode::kBound;
};

struct PlannedStatements {
  std::vector<PlannableStatement> statements;  // by id
  double load_planned =
      0;  // share of Workload::total_time whose statements have a plan, 0..1; by count without times
  std::size_t explained = 0;  // EXPLAINs sent
};

// Plans the statements of `snapshot.workload` (at most options.plan_limit, in their order) and fills
// snapshot.plans. Expects workload, schema and server to be there. Statements not reached by `deadline`,
// refused or failed get StatementPlan::error and a Gap each. `options.given` are planned with the literals
// they were given with. Fails only when the session is lost. The session must be idle and is left idle,
// outside a transaction.
[[nodiscard]] Result<PlannedStatements> plan_statements(Session& session, Snapshot& snapshot,
                                                        const CaptureOptions& options,
                                                        std::chrono::steady_clock::time_point deadline);

}  // namespace planwise::pg
