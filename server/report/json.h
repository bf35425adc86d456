// The report as JSON ("planwise.report/1" of CONTRACT; server/report/report.schema.json), and its parts for
// the API.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "analyzer/audit.h"
#include "analyzer/base/result.h"

namespace planwise {

// The whole report, compact, ending in a newline. Figures are rounded to six significant digits.
[[nodiscard]] std::string report_json(const AuditReport& report);

[[nodiscard]] nlohmann::ordered_json recommendation_json(const Recommendation& recommendation,
                                                         const AuditReport& report);
[[nodiscard]] nlohmann::ordered_json statement_json(const Statement& statement, const AuditReport& report);
[[nodiscard]] nlohmann::ordered_json plan_json(const Plan& plan);
[[nodiscard]] nlohmann::ordered_json gap_json(const Gap& gap);

// Reads back what report_json() wrote, so that a stored report can be printed in every format. kMalformed for
// anything else, with the field that is wrong. The server's extensions and other facts that a report does not
// carry stay empty.
[[nodiscard]] Result<AuditReport> parse_report(std::string_view json);

}  // namespace planwise
