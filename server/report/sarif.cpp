// SARIF 2.1.0. Source: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "analyzer/base/text.h"
#include "rules/rules.h"
#include "server/report/format.h"
#include "server/report/words.h"

namespace planwise {
namespace {

using Json = nlohmann::ordered_json;

std::string_view level(Severity severity) {
  switch (severity) {
    case Severity::kCritical: return "error";
    case Severity::kWarning: return "warning";
    case Severity::kInfo: return "note";
  }
  return "note";
}

Json rule_json(const RuleInfo& info) {
  return {{"id", info.id},
          {"shortDescription", {{"text", info.title}}},
          {"fullDescription", {{"text", info.what}}},
          {"help", {{"text", info.fix}}},
          {"defaultConfiguration", {{"level", level(info.severity)}}}};
}

// SARIF's words for what kind a logical location is are free; ours are the report's.
Json location_json(const ObjectRef& object) {
  return {{"logicalLocations",
           Json::array({{{"fullyQualifiedName", object.name}, {"kind", to_string(object.kind)}}})}};
}

Json result_json(const Recommendation& recommendation) {
  const Finding& finding = recommendation.finding;
  std::string message = finding.title + ". " + finding.why;
  for (const Evidence& fact : finding.evidence) {
    message += "\n- " + fact.text;
  }
  Json json{{"ruleId", finding.rule},
            {"level", level(finding.severity)},
            {"message", {{"text", message}}},
            {"locations", Json::array()},
            {"partialFingerprints", {{"planwise/v1", recommendation.id}}},
            {"rank", std::clamp(finding.impact.load_saved.value_or(0) * 100, 0.0, 100.0)},
            {"properties",
             {{"confidence", to_string(finding.confidence)},
              {"sql", finding.action.sql},
              {"also", recommendation.also}}}};
  for (const ObjectRef& object : finding.objects) {
    json["locations"].push_back(location_json(object));
  }
  return json;
}

Json skipped_json(const Gap& gap) {
  return {{"level", "note"}, {"message", {{"text", gap_line(gap)}}}};
}

}  // namespace

std::string report_sarif(const AuditReport& report) {
  std::set<std::string_view> used;
  for (const Recommendation& recommendation : report.recommendations) {
    used.insert(recommendation.finding.rule);
  }
  Json rules = Json::array();
  for (const Rule* rule : rules::all()) {
    if (used.contains(rule->info.id)) {
      rules.push_back(rule_json(rule->info));
    }
  }
  Json results = Json::array();
  for (const Recommendation& recommendation : report.recommendations) {
    results.push_back(result_json(recommendation));
  }
  Json notifications = Json::array();
  for (const Gap& gap : report.skipped) {
    notifications.push_back(skipped_json(gap));
  }
  const Json run{
      {"tool", {{"driver", {{"name", "planwise"}, {"version", PLANWISE_VERSION}, {"rules", rules}}}}},
      {"automationDetails", {{"id", "planwise/" + report.target_name}}},
      {"invocations",
       Json::array({{{"executionSuccessful", true}, {"toolExecutionNotifications", notifications}}})},
      {"results", results}};
  const Json sarif{{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
                   {"version", "2.1.0"},
                   {"runs", Json::array({run})}};
  return sarif.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace planwise
