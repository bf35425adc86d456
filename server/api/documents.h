// The JSON documents of the API's resources.
#pragma once

#include <string>

#include "analyzer/rule.h"
#include "server/store/records.h"

namespace planwise::api {

// `timezone` is that of schedules without one; `now` is where the next runs are counted from.
[[nodiscard]] std::string target_document(const Target& target, const std::string& timezone, TimePoint now);
[[nodiscard]] std::string audit_document(const Audit& audit);
// The report's Recommendation with what the store knows of it.
[[nodiscard]] std::string recommendation_document(const StoredRecommendation& recommendation);
// The report's Statement with where it was seen. A list leaves the plans out.
enum class PlanDetail : std::uint8_t { kFull, kNone };
[[nodiscard]] std::string statement_document(const StoredStatement& statement, PlanDetail detail);
[[nodiscard]] std::string statement_point_document(const StatementPoint& point);
[[nodiscard]] std::string rule_document(const RuleInfo& rule);

}  // namespace planwise::api
