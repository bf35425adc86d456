// One statement's way down the ladder of replan.h.
#pragma once

#include <optional>
#include <string>

#include "analyzer/base/result.h"
#include "analyzer/model/snapshot.h"
#include "connectors/postgres/explain.h"
#include "connectors/postgres/planning_context.h"

namespace planwise::pg {

struct PlanningOutcome {
  StatementPlan plan;
  std::optional<PlannableStatement> form;  // set with plan.plan
  std::string remedy;                      // for the Gap of a failure; or empty
  bool reads_nothing = false;  // a utility statement, or an INSERT of given values: no plan is no failure
};

// Borrows all it is given. Not thread-safe.
class PlanLadder {
 public:
  PlanLadder(Session& session, Explainer& explainer, PlanningContext& context, const Snapshot& snapshot)
      : session_(session), explainer_(explainer), context_(context), snapshot_(snapshot) {}

  // `literal`: a text of the same fingerprint with its literals, where one is known; `source` says whether it
  // is the statement itself (kAsIs) or a sample of it (kParameters).
  PlanningOutcome plan(const Statement& statement, const std::optional<std::string>& literal,
                       PlanSource source);

 private:
  PlanningOutcome plan_text(const std::string& sql, const Statement& statement, PlanSource source);
  PlanningOutcome plan_reading(const std::string& sql, const Statement& statement, PlanSource source);
  PlanningOutcome plan_with_values(PlannableStatement form, const ParameterUses& uses,
                                   const Statement& statement);
  PlanningOutcome plan_generic(PlannableStatement form);
  Result<Plan> explain(const PlannableStatement& form);

  Session& session_;
  Explainer& explainer_;
  PlanningContext& context_;
  const Snapshot& snapshot_;
};

}  // namespace planwise::pg
