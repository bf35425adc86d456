#include "analyzer/model/statement.h"

#include <algorithm>

#include "analyzer/base/hash.h"

namespace planwise {

std::string to_string(StatementId id) {
  return hex16(id.value);
}

Millis Statement::mean_time() const {
  return stats.calls > 0 ? stats.total_time / static_cast<double>(stats.calls) : Millis{0};
}

double Statement::rows_per_call() const {
  return stats.calls > 0 ? static_cast<double>(stats.rows) / static_cast<double>(stats.calls) : 0;
}

std::string_view to_string(WindowKind kind) noexcept {
  switch (kind) {
    case WindowKind::kSinceReset: return "since-reset";
    case WindowKind::kInterval: return "interval";
    case WindowKind::kLog: return "log";
    case WindowKind::kWorkloadFiles: return "workload-files";
  }
  return "since-reset";
}

const Statement* Workload::find(StatementId id) const {
  const auto at = std::ranges::find(statements, id, &Statement::id);
  return at == statements.end() ? nullptr : &*at;
}

double Workload::share(const Statement& statement) const {
  if (total_time.count() > 0) {
    return statement.stats.total_time / total_time;
  }
  return statements.size() == 1 && statements.front().id == statement.id ? 1 : 0;
}

double Workload::hours() const {
  return window.length().count() / 3'600'000.0;
}

}  // namespace planwise
