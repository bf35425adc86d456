#include "server/store/report_parts.h"

#include <simdjson.h>

#include "analyzer/base/hash.h"
#include "server/store/compress.h"
#include "server/store/paging.h"

namespace planwise {
namespace {

// The members of one array of the report, each packed.
Result<std::vector<std::string>> documents(simdjson::dom::element report, std::string_view name,
                                           std::size_t expected) {
  simdjson::dom::array items;
  if (report[name].get(items) != simdjson::SUCCESS || items.size() != expected) {
    return Error{ErrorCode::kInternal, fmt::format("report and its JSON differ in \"{}\"", name)};
  }
  std::vector<std::string> packed;
  packed.reserve(expected);
  for (const simdjson::dom::element item : items) {
    packed.push_back(compressed(simdjson::minify(item)));
  }
  return packed;
}

std::string search_text(const Recommendation& recommendation, std::string_view target) {
  std::string text = recommendation.finding.title;
  for (const ObjectRef& object : recommendation.finding.objects) {
    text += '\n';
    text += object.name;
  }
  text += '\n';
  text += recommendation.finding.rule;
  text += '\n';
  text += target;
  return lower_case(text);
}

}  // namespace

double impact_of(const Finding& finding) {
  const double saved = finding.impact.time_saved_per_hour.value_or(Millis{0}).count();
  return saved > 0 ? saved : static_cast<double>(finding.severity) - 3;
}

Result<ReportParts> parts_of(const AuditReport& report, std::string_view json) {
  simdjson::dom::parser parser;
  simdjson::dom::element document;
  if (const auto failed = parser.parse(json.data(), json.size()).get(document); failed != simdjson::SUCCESS) {
    return Error{ErrorCode::kInternal, fmt::format("report is no JSON: {}", simdjson::error_message(failed))};
  }
  PLANWISE_TRY(auto recommendations, documents(document, "recommendations", report.recommendations.size()));
  PLANWISE_TRY(auto statements, documents(document, "statements", report.statements.size()));
  ReportParts parts;
  for (std::size_t i = 0; i < recommendations.size(); ++i) {
    const Recommendation& recommendation = report.recommendations[i];
    const auto id = parse_hex16(recommendation.id);
    if (!id) {
      return Error{ErrorCode::kInternal,
                   fmt::format("recommendation id \"{}\" is not 16 hex digits", recommendation.id)};
    }
    parts.recommendations.push_back(
        {static_cast<std::int64_t>(*id), &recommendation, impact_of(recommendation.finding),
         search_text(recommendation, report.target_name), std::move(recommendations[i])});
  }
  for (std::size_t i = 0; i < statements.size(); ++i) {
    const Statement& statement = report.statements[i];
    parts.statements.push_back({static_cast<std::int64_t>(statement.id.value), &statement,
                                lower_case(statement.query), std::move(statements[i])});
  }
  return parts;
}

}  // namespace planwise
