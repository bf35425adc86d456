#include "server/report/json.h"

#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>

#include "analyzer/base/text.h"
#include "server/report/words.h"

namespace planwise {
namespace {

using Json = nlohmann::ordered_json;

// Six significant digits: more would claim a precision that no counter has.
double figure(double value) {
  if (value == 0 || !std::isfinite(value)) {
    return 0;
  }
  const double scale = std::pow(10.0, 5 - std::floor(std::log10(std::abs(value))));
  const double rounded = std::round(value * scale) / scale;
  return std::isfinite(rounded) ? rounded : value;
}

Json number(double value) {
  const double rounded = figure(value);
  return rounded == std::floor(rounded) && std::abs(rounded) < 9e15 ? Json(static_cast<std::int64_t>(rounded))
                                                                    : Json(rounded);
}

Json optional_number(const std::optional<double>& value) {
  return value ? number(*value) : Json(nullptr);
}

Json ms(const std::optional<Millis>& time) {
  return time ? number(time->count()) : Json(nullptr);
}

Json cost(const std::optional<PlanCost>& value) {
  return value ? number(value->units) : Json(nullptr);
}

Json count(const std::optional<std::int64_t>& value) {
  return value ? Json(*value) : Json(nullptr);
}

Json text_or_null(const std::string& text) {
  return text.empty() ? Json(nullptr) : Json(valid_utf8(text));
}

Json actual_json(const std::optional<ActualRun>& actual) {
  if (!actual) {
    return nullptr;
  }
  Json json{{"rows", number(actual->rows.count)},
            {"loops", number(actual->loops)},
            {"time_ms", ms(actual->time)},
            {"rows_removed_by_filter",
             actual->rows_removed_by_filter ? number(actual->rows_removed_by_filter->count) : Json(nullptr)}};
  const auto add = [&json](const char* name, const std::optional<double>& value) {
    if (value) {
      json[name] = number(*value);
    }
  };
  add("heap_fetches", actual->heap_fetches);
  add("lossy_heap_blocks", actual->lossy_heap_blocks);
  add("blocks_hit", actual->blocks_hit);
  add("blocks_read", actual->blocks_read);
  add("temp_blocks_written", actual->temp_blocks_written);
  add("hash_batches", actual->hash_batches);
  add("sort_passes", actual->sort_passes);
  if (actual->disk_used) {
    json["disk_bytes"] = actual->disk_used->count;
  }
  return json;
}

Json node_json(const PlanNode& node) {
  Json json{{"kind", to_string(node.kind)},
            {"label", valid_utf8(node.label)},
            {"schema", text_or_null(node.schema)},
            {"table", text_or_null(node.table)},
            {"alias", text_or_null(node.alias)},
            {"index", text_or_null(node.index)},
            {"covering", node.covering},
            {"join", node.join ? Json(to_string(*node.join)) : Json(nullptr)},
            {"rows", number(node.rows.count)},
            {"rows_read", node.rows_read ? number(node.rows_read->count) : Json(nullptr)},
            {"cost", cost(node.cost)},
            {"filter", text_or_null(node.filter)},
            {"index_condition", text_or_null(node.index_condition)}};
  const auto add = [&json](const char* name, const std::string& text) {
    if (!text.empty()) {
      json[name] = valid_utf8(text);
    }
  };
  add("join_type", node.join_type);
  add("join_condition", node.join_condition);
  add("join_filter", node.join_filter);
  add("subplan", node.subplan);
  if (!node.index_columns.empty()) {
    json["index_columns"] = node.index_columns;
  }
  if (!node.sort_keys.empty()) {
    json["sort_keys"] = node.sort_keys;
  }
  if (!node.group_keys.empty()) {
    json["group_keys"] = node.group_keys;
  }
  json["actual"] = actual_json(node.actual);
  json["children"] = Json::array();
  for (const PlanNode& child : node.children) {
    json["children"].push_back(node_json(child));
  }
  return json;
}

Json action_json(const Action& action) {
  return {{"kind", to_string(action.kind)},     {"sql", action.sql},
          {"rollback", action.rollback},        {"text", action.text},
          {"effort", to_string(action.effort)}, {"risk", action.risk}};
}

Json impact_json(const Impact& impact) {
  return {{"load_saved", optional_number(impact.load_saved)},
          {"time_saved_ms_per_hour", ms(impact.time_saved_per_hour)},
          {"speedup", optional_number(impact.speedup)},
          {"low", optional_number(impact.low)},
          {"high", optional_number(impact.high)},
          {"basis", to_string(impact.basis)},
          {"index_size_bytes", impact.index_size ? Json(impact.index_size->count) : Json(nullptr)},
          {"write_overhead", optional_number(impact.write_overhead)}};
}

Json affected_json(const AffectedStatement& affected, const AuditReport& report) {
  Json json{{"fingerprint", to_string(affected.id)}};
  if (const Statement* const statement = find_statement(report, affected.id); statement != nullptr) {
    json["query"] = statement->query;
    json["calls"] = statement->stats.calls;
    json["total_time_ms"] = number(statement->stats.total_time.count());
    json["mean_ms"] = number(statement->mean_time().count());
    json["load_share"] = number(load_share(report, *statement));
  } else {
    json.update({{"query", nullptr},
                 {"calls", nullptr},
                 {"total_time_ms", nullptr},
                 {"mean_ms", nullptr},
                 {"load_share", nullptr}});
  }
  json["cost_before"] = cost(affected.cost_before);
  json["cost_after"] = cost(affected.cost_after);
  if (affected.role != StatementRole::kNone) {
    json["role"] = to_string(affected.role);
  }
  return json;
}

}  // namespace

Json plan_json(const Plan& plan) {
  return node_json(plan.root);
}

Json recommendation_json(const Recommendation& recommendation, const AuditReport& report) {
  const Finding& finding = recommendation.finding;
  Json json{{"rank", recommendation.rank},
            {"id", recommendation.id},
            {"rule", finding.rule},
            {"severity", to_string(finding.severity)},
            {"title", finding.title},
            {"why", finding.why},
            {"objects", Json::array()},
            {"statements", Json::array()},
            {"evidence", Json::array()},
            {"action", action_json(finding.action)},
            {"impact", impact_json(finding.impact)},
            {"confidence", to_string(finding.confidence)},
            {"horizon", to_string(recommendation.horizon)},
            {"status", to_string(recommendation.status)},
            {"also", recommendation.also}};
  for (const ObjectRef& object : finding.objects) {
    json["objects"].push_back({{"kind", to_string(object.kind)}, {"name", object.name}});
  }
  for (const AffectedStatement& affected : finding.statements) {
    json["statements"].push_back(affected_json(affected, report));
  }
  for (const Evidence& fact : finding.evidence) {
    json["evidence"].push_back(
        {{"text", fact.text}, {"metric", fact.metric}, {"value", number(fact.value)}, {"unit", fact.unit}});
  }
  return json;
}

Json choice_json(const StatementChoice& choice) {
  return {{"cost_before", number(choice.before.units)},
          {"cost_after", number(choice.after.units)},
          {"saved", number(choice.saved)},
          {"saved_low", number(choice.saved_low)},
          {"saved_high", number(choice.saved_high)},
          {"uses", choice.uses},
          {"reason", text_or_null(choice.reason)}};
}

Json statement_json(const Statement& statement, const AuditReport& report) {
  const StatementStats& stats = statement.stats;
  Json json{{"fingerprint", to_string(statement.id)},
            {"query", statement.query},
            {"user", text_or_null(statement.user)},
            {"calls", stats.calls},
            {"total_time_ms", number(stats.total_time.count())},
            {"mean_ms", number(statement.mean_time().count())},
            {"min_ms", ms(stats.min_time)},
            {"max_ms", ms(stats.max_time)},
            {"stddev_ms", ms(stats.stddev_time)},
            {"p95_ms", ms(stats.p95_time)},
            {"p99_ms", ms(stats.p99_time)},
            {"percentiles", stats.percentiles_measured ? "measured" : "estimated"},
            {"rows", stats.rows},
            {"load_share", number(load_share(report, statement))},
            {"blocks_hit", count(stats.blocks_hit)},
            {"blocks_read", count(stats.blocks_read)},
            {"temp_blocks_written", count(stats.temp_blocks_written)}};
  if (const auto choice = report.choices.find(statement.id); choice != report.choices.end()) {
    json["advice"] = choice_json(choice->second);
  }
  const auto at = report.plans.find(statement.id);
  const bool planned = at != report.plans.end() && at->second.plan.has_value();
  json["plan"] = planned ? plan_json(*at->second.plan) : Json(nullptr);
  if (planned) {
    json["plan_source"] = to_string(at->second.plan->source);
    if (at->second.worst) {
      json["worst_plan"] = plan_json(*at->second.worst);
    }
  } else {
    json["plan_error"] = at == report.plans.end() ? Json(nullptr) : text_or_null(at->second.error);
  }
  return json;
}

Json gap_json(const Gap& gap) {
  Json json{{"what", gap.what},
            {"why", gap.why},
            {"remedy", text_or_null(gap.remedy)},
            {"remedy_sql", gap.remedy_sql}};
  if (!gap.rule.empty()) {
    json["rule"] = gap.rule;
  }
  if (gap.statement) {
    json["fingerprint"] = to_string(*gap.statement);
  }
  return json;
}

std::string report_json(const AuditReport& report) {
  Json json{{"schema", "planwise.report/1"},
            {"generator", {{"name", "planwise"}, {"version", PLANWISE_VERSION}}},
            {"target",
             {{"name", report.target_name},
              {"engine", to_string(report.server.engine)},
              {"version", text_or_null(report.server.version_text)},
              {"database", text_or_null(report.server.database)}}}};
  if (report.has_load) {
    json["window"] = {{"from", rfc3339(report.window.from)},
                      {"to", rfc3339(report.window.to)},
                      {"kind", to_string(report.window_kind)}};
    json["load"] = {{"total_time_ms", number(report.total_time.count())},
                    {"calls", report.total_calls},
                    {"statements", report.total_statements},
                    {"statements_analysed", report.statements_analysed},
                    {"planned_share", number(report.load_planned)}};
  } else {
    json["window"] = nullptr;
    json["load"] = nullptr;
  }
  json["advice"] = {{"questions", report.advice_questions}, {"complete", report.advice_complete}};
  json["recommendations"] = Json::array();
  for (const Recommendation& recommendation : report.recommendations) {
    json["recommendations"].push_back(recommendation_json(recommendation, report));
  }
  json["statements"] = Json::array();
  for (const Statement& statement : report.statements) {
    json["statements"].push_back(statement_json(statement, report));
  }
  json["skipped"] = Json::array();
  for (const Gap& gap : report.skipped) {
    json["skipped"].push_back(gap_json(gap));
  }
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace planwise
