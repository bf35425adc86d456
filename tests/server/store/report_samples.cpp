#include "tests/server/store/report_samples.h"

#include <fmt/format.h>

#include "analyzer/base/hash.h"

namespace planwise::test {

Recommendation sample_recommendation(std::string_view target, std::string_view rule, std::string_view name,
                                     Severity severity, double ms) {
  Recommendation made;
  made.id = hex16(hash64(fmt::format("{}/{}/{}", target, rule, name)));
  made.finding.rule = rule;
  made.finding.subject = fmt::format("table:public.{}", name);
  made.finding.severity = severity;
  made.finding.title = fmt::format("Add an index on public.{} (customer_id)", name);
  made.finding.objects = {{ObjectKind::kTable, fmt::format("public.{}", name)}};
  if (ms > 0) {
    made.finding.impact.time_saved_per_hour = Millis(ms);
  }
  return made;
}

Statement sample_statement(std::uint64_t id, std::string_view query, std::int64_t calls, double total_ms) {
  Statement made;
  made.id = StatementId{id};
  made.query = query;
  made.stats.calls = calls;
  made.stats.rows = 3 * calls;
  made.stats.total_time = Millis(total_ms);
  return made;
}

AuditReport sample_report(std::string_view target, std::vector<Recommendation> recommendations,
                          std::vector<Statement> statements) {
  AuditReport report;
  report.target_name = target;
  report.server.version_text = "15.8 (Debian 15.8-0+deb12u1)";
  report.recommendations = std::move(recommendations);
  report.statements = std::move(statements);
  report.skipped = {Gap{"hypopg", "is not installed", "", {}, "missing-index", {}}};
  return report;
}

Reading sample_reading(TimePoint taken_at, std::vector<Statement> statements) {
  Reading reading;
  reading.taken_at = taken_at;
  reading.server.system_identifier = "7300000000000000001";
  reading.workload.window = Window{TimePoint{}, taken_at};
  for (const Statement& one : statements) {
    reading.workload.total_calls += one.stats.calls;
    reading.workload.total_time += one.stats.total_time;
  }
  reading.workload.statements = std::move(statements);
  reading.counters_since = TimePoint{};
  return reading;
}

}  // namespace planwise::test
