#include "connectors/statement_reading.h"

#include <algorithm>

#include "analyzer/percentiles.h"

namespace planwise {

std::int64_t StatementReading::hidden_entries() const {
  const auto hidden = reading.entries.find(kHidden);
  return hidden != reading.entries.end() ? hidden->second.entries : 0;
}

Workload workload_of(const StatementReading& statements,
                     const std::map<std::string, CounterReading::Entry>& entries, std::size_t limit) {
  struct Merged {
    Statement statement;
    Millis most{-1};
  };
  std::map<StatementId, Merged> merged;
  Workload workload;
  for (const auto& [key, entry] : entries) {
    workload.total_time += entry.totals.total_time;
    workload.total_calls += entry.totals.calls;
    const auto text = statements.texts.find(key);
    if (text == statements.texts.end()) {
      workload.total_statements += entry.entries;
      continue;
    }
    const auto [at, is_new] = merged.try_emplace(entry.statement);
    Statement& statement = at->second.statement;
    statement.stats = is_new ? entry.totals : sum(statement.stats, entry.totals);
    statement.entries = is_new ? 1 : statement.entries + 1;
    statement.top_level = text->second.top_level || (!is_new && statement.top_level);
    if (std::ranges::find(statement.engine_ids, text->second.engine_id) == statement.engine_ids.end()) {
      statement.engine_ids.push_back(text->second.engine_id);
    }
    if (entry.totals.total_time > at->second.most) {
      at->second.most = entry.totals.total_time;
      statement.user = text->second.user;
      statement.schema = text->second.schema;
      statement.query = text->second.query;
    }
  }
  workload.total_statements += static_cast<std::int64_t>(merged.size());
  for (auto& [id, one] : merged) {
    one.statement.id = id;
    estimate_percentiles(one.statement.stats);
    workload.statements.push_back(std::move(one.statement));
  }
  std::ranges::stable_sort(workload.statements, std::ranges::greater{},
                           [](const Statement& statement) { return statement.stats.total_time; });
  if (workload.statements.size() > limit) {
    workload.statements.resize(limit);
  }
  return workload;
}

}  // namespace planwise
