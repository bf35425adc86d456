#include "connectors/given_workload.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

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

std::map<StatementId, std::string> literal_texts(std::span<const GivenStatement> given, Engine engine) {
  std::map<StatementId, std::string> texts;
  std::set<StatementId> several;
  for (const GivenStatement& one : given) {
    const StatementId id = normalise(one.sql, engine).id;
    if (const auto [at, is_first] = texts.emplace(id, one.sql); !is_first && at->second != one.sql) {
      several.insert(id);
    }
  }
  std::erase_if(texts, [&](const auto& entry) { return several.contains(entry.first); });
  return texts;
}

}  // namespace planwise
