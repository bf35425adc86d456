// The documents inside a report: what the store keeps of each recommendation and statement.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/audit.h"
#include "analyzer/base/result.h"

namespace planwise {

struct RecommendationPart {
  std::int64_t id = 0;  // the sixteen hex digits as a signed number
  const Recommendation* value = nullptr;
  double impact = 0;     // sort key: see impact_of()
  std::string search;    // what lists search in, in lower case
  std::string document;  // zstd of the JSON object
};

struct StatementPart {
  std::int64_t id = 0;
  const Statement* value = nullptr;
  std::string search;
  std::string document;
};

struct ReportParts {
  std::vector<RecommendationPart> recommendations;
  std::vector<StatementPart> statements;
};

// Milliseconds saved an hour; what saves no measured time comes after all that does, by severity: -1
// critical, -2 warning, -3 info.
[[nodiscard]] double impact_of(const Finding& finding);

// Cuts the objects out of `json`, which is the report's own text, in the report's order. The parts point into
// `report`. kInternal if the two do not belong together.
[[nodiscard]] Result<ReportParts> parts_of(const AuditReport& report, std::string_view json);

}  // namespace planwise
