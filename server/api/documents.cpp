#include "server/api/documents.h"

#include <simdjson.h>

#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>

#include "analyzer/base/text.h"
#include "analyzer/finding.h"
#include "server/schedule/cron.h"

namespace planwise::api {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kNextRuns = 5;

Json time_or_null(const std::optional<TimePoint>& time) {
  return time ? Json(rfc3339(*time)) : Json(nullptr);
}

Json text_or_null(const std::string& text) {
  return text.empty() ? Json(nullptr) : Json(valid_utf8(text));
}

Json budget_json(const TargetBudget& budget) {
  Json json = Json::object();
  if (budget.query_p95) {
    json["query_p95_ms"] = budget.query_p95->count();
  }
  if (budget.cache_hit_ratio) {
    json["cache_hit_ratio"] = *budget.cache_hit_ratio;
  }
  if (budget.connection_usage) {
    json["connection_usage"] = *budget.connection_usage;
  }
  return json;
}

Json next_runs(const Target& target, const std::string& timezone, TimePoint now) {
  Json runs = Json::array();
  if (target.enabled && !target.schedule.empty()) {
    if (const auto cron = Cron::parse(target.schedule, timezone)) {
      for (const TimePoint run : cron->next_runs(now, kNextRuns)) {
        runs.push_back(rfc3339(run));
      }
    }
  }
  return runs;
}

std::string text_of(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

// A stored object's text with `status` in the place of its own and `members`, at least one, at its end. The
// rest stays as it is, byte by byte: parsing and printing it would be most of a list's time. What is no
// object gives `members` alone.
std::string with_members(const std::string& document, std::string_view status, const Json& members) {
  thread_local simdjson::ondemand::parser parser;
  std::string added = text_of(members);
  const simdjson::padded_string padded(document);
  simdjson::ondemand::document parsed;
  simdjson::ondemand::object object;
  std::string_view own_status;
  const std::size_t end = document.rfind('}');
  if (end == std::string::npos || parser.iterate(padded).get(parsed) != simdjson::SUCCESS ||
      parsed.get_object().get(object) != simdjson::SUCCESS ||
      object.find_field("status").raw_json_token().get(own_status) != simdjson::SUCCESS) {
    return added;
  }
  const auto begin = static_cast<std::size_t>(own_status.data() - padded.data());
  std::string text;
  text.reserve(document.size() + status.size() + added.size());
  text.append(document, 0, begin);
  text.append(1, '"').append(status).append(1, '"');
  text.append(document, begin + own_status.size(), end - begin - own_status.size());
  text.append(1, ',').append(added, 1);
  return text;
}

Json engines_json(Engines engines) {
  Json json = Json::array();
  for (const auto& [bit, name] :
       {std::pair(Engines::kPostgres, Engine::kPostgres), std::pair(Engines::kMySql, Engine::kMySql),
        std::pair(Engines::kMariaDb, Engine::kMariaDb)}) {
    if ((static_cast<unsigned>(engines) & static_cast<unsigned>(bit)) != 0) {
      json.push_back(to_string(name));
    }
  }
  return json;
}

}  // namespace

std::string target_document(const Target& target, const std::string& timezone, TimePoint now) {
  Json labels = Json::object();
  for (const auto& [name, value] : target.labels) {
    labels[valid_utf8(name)] = valid_utf8(value);
  }
  return text_of({{"id", std::to_string(target.id.value)},
                  {"name", valid_utf8(target.name)},
                  {"dsn", valid_utf8(target.address)},
                  {"schedule", text_or_null(target.schedule)},
                  {"labels", std::move(labels)},
                  {"budget", budget_json(target.budget)},
                  {"origin", to_string(target.origin)},
                  {"enabled", target.enabled},
                  {"state", to_string(target.state)},
                  {"engine", text_or_null(target.engine)},
                  {"version", text_or_null(target.version)},
                  {"last_success_at", time_or_null(target.last_success)},
                  {"last_error", text_or_null(target.last_error)},
                  {"created_at", rfc3339(target.created_at)},
                  {"next_runs", next_runs(target, timezone, now)}});
}

std::string audit_document(const Audit& audit) {
  Json json{{"id", std::to_string(audit.id.value)},
            {"target_id", std::to_string(audit.target.value)},
            {"target", valid_utf8(audit.target_name)},
            {"state", to_string(audit.state)},
            {"trigger", to_string(audit.trigger)},
            {"progress", audit.progress},
            {"step", valid_utf8(audit.step)},
            {"queued_at", rfc3339(audit.queued_at)},
            {"started_at", time_or_null(audit.started_at)},
            {"finished_at", time_or_null(audit.finished_at)}};
  if (!audit.error.empty()) {
    json["error"] = valid_utf8(audit.error);
  }
  if (!audit.hint.empty()) {
    json["hint"] = valid_utf8(audit.hint);
  }
  json["recommendations"] = audit.recommendations;
  json["skipped"] = audit.skipped;
  return text_of(json);
}

std::string recommendation_document(const StoredRecommendation& recommendation) {
  return with_members(recommendation.document, to_string(recommendation.status),
                      {{"target_id", std::to_string(recommendation.target.value)},
                       {"target", valid_utf8(recommendation.target_name)},
                       {"audit_id", std::to_string(recommendation.audit.value)},
                       {"first_seen_at", rfc3339(recommendation.first_seen_at)},
                       {"last_seen_at", rfc3339(recommendation.last_seen_at)},
                       {"snoozed_until", time_or_null(recommendation.snoozed_until)},
                       {"note", valid_utf8(recommendation.note)},
                       {"current", recommendation.current}});
}

std::string statement_document(const StoredStatement& statement, PlanDetail detail) {
  Json json = Json::parse(statement.document, nullptr, false);
  if (!json.is_object()) {
    json = Json::object();
  }
  const bool planned = json.contains("plan") && json["plan"].is_object();
  if (detail == PlanDetail::kNone) {
    json.erase("plan");
    json.erase("worst_plan");
  }
  json["planned"] = planned;
  json["target_id"] = std::to_string(statement.target.value);
  json["target"] = valid_utf8(statement.target_name);
  json["audit_id"] = std::to_string(statement.audit.value);
  json["last_seen_at"] = rfc3339(statement.seen_at);
  return text_of(json);
}

std::string statement_point_document(const StatementPoint& point) {
  const double total = point.total_time.count();
  return text_of(
      {{"from", rfc3339(point.window.from)},
       {"at", rfc3339(point.window.to)},
       {"calls", point.calls},
       {"rows", point.rows},
       {"total_time_ms", total},
       {"mean_ms", point.calls > 0 ? Json(total / static_cast<double>(point.calls)) : Json(nullptr)}});
}

std::string rule_document(const RuleInfo& rule) {
  Json options = Json::array();
  for (const Option& option : rule.options) {
    options.push_back({{"name", option.name},
                       {"default", option.default_value},
                       {"unit", option.unit},
                       {"meaning", option.meaning}});
  }
  Json references = Json::array();
  for (const std::string_view reference : rule.references) {
    references.push_back(reference);
  }
  return text_of({{"id", rule.id},
                  {"title", rule.title},
                  {"severity", to_string(rule.severity)},
                  {"engines", engines_json(rule.engines)},
                  {"what", rule.what},
                  {"why", rule.why},
                  {"fix", rule.fix},
                  {"quiet", rule.quiet},
                  {"options", std::move(options)},
                  {"references", std::move(references)}});
}

}  // namespace planwise::api
