// One audit as a value: from a snapshot to the ranked answer. Pure; connectors and the store stand before and
// after.
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "analyzer/advise/advice.h"
#include "analyzer/model/snapshot.h"
#include "analyzer/recommendation.h"
#include "analyzer/rule.h"
#include "analyzer/what_if.h"

namespace planwise {

// What is stored, printed and served. The JSON form is CONTRACT's "planwise.report/1".
struct AuditReport {
  std::string target_name;
  ServerInfo server;
  bool has_load = true;  // false for `planwise explain`: window and load are null
  Window window;
  WindowKind window_kind = WindowKind::kSinceReset;
  Millis total_time{0};
  std::int64_t total_calls = 0;
  std::int64_t total_statements = 0;
  std::int64_t statements_analysed = 0;         // with a plan
  double load_planned = 0;                      // share of total_time whose statements have a plan, 0..1
  std::vector<Recommendation> recommendations;  // best first
  std::vector<Statement> statements;            // most time first
  std::map<StatementId, StatementPlan> plans;
  std::map<StatementId, StatementChoice> choices;  // of the index advisor, where it costed the statement
  std::int64_t advice_questions = 0;               // that it asked of the planner
  bool advice_complete = true;                     // false: its questions or its time ended its search
  std::vector<Gap> skipped;
};

// Shapes of every statement of the workload, resolved against the schema: read from its text in `literal`, if
// it has one there, else from the normalised text. Parses on big-stack threads.
[[nodiscard]] std::map<StatementId, StatementShape> shapes_of(
    const Snapshot& snapshot, const std::map<StatementId, std::string>& literal = {});

// Rules, ranking and the list of what was skipped. `advice` is empty where no what-if was possible.
[[nodiscard]] AuditReport analyse(const Snapshot& snapshot,
                                  const std::map<StatementId, StatementShape>& shapes, const Advice& advice,
                                  std::span<const Rule* const> rules, std::string_view target_name);

}  // namespace planwise
