// Reports and readings for tests of the store and of what stands on it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "analyzer/audit.h"
#include "server/store/records.h"

namespace planwise::test {

// A recommendation of `rule` on the table `name`; saves `ms` an hour, nothing measured where it is 0.
[[nodiscard]] Recommendation sample_recommendation(std::string_view target, std::string_view rule,
                                                   std::string_view name, Severity severity, double ms);
[[nodiscard]] Statement sample_statement(std::uint64_t id, std::string_view query, std::int64_t calls,
                                         double total_ms);
[[nodiscard]] AuditReport sample_report(std::string_view target, std::vector<Recommendation> recommendations,
                                        std::vector<Statement> statements = {});
// Counters since 1970-01-01, read at `taken_at`.
[[nodiscard]] Reading sample_reading(TimePoint taken_at, std::vector<Statement> statements);

}  // namespace planwise::test
