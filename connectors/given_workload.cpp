#include "connectors/given_workload.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "analyzer/sql/fingerprint.h"

namespace planwise {

Workload workload_of(std::span<const GivenStatement> given, Engine engine, TimePoint now) {
  std::map<StatementId, Statement> merged;
  Workload workload;
  workload.kind = WindowKind::kWorkloadFiles;
  workload.window = {now, now};
  for (const GivenStatement& one : given) {
    Normalised normalised = normalise(one.sql, engine);
    Statement& statement = merged[normalised.id];
    statement.id = normalised.id;
    statement.query = std::move(normalised.text);
    const auto calls = std::max<std::int64_t>(1, std::llround(one.calls));
    statement.stats.calls += calls;
    workload.total_calls += calls;
  }
  workload.total_statements = static_cast<std::int64_t>(merged.size());
  for (auto& [id, statement] : merged) {
    workload.statements.push_back(std::move(statement));
  }
  std::ranges::stable_sort(workload.statements, std::ranges::greater{},
                           [](const Statement& statement) { return statement.stats.calls; });
  return workload;
}

}  // namespace planwise
