#include <date/date.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "analyzer/base/hash.h"
#include "server/report/json.h"

namespace planwise {
namespace {

using Json = nlohmann::json;

// Thrown inside this file only; parse_report() turns it (and nlohmann's own) into an Error.
struct WrongField {
  std::string what;
};

// The enumerator whose word is `word`, found by asking to_string() of each.
template <class Enum>
Enum named(const Json& json, const char* field, int count) {
  const std::string word = json.at(field).get<std::string>();
  for (int i = 0; i < count; ++i) {
    if (to_string(static_cast<Enum>(i)) == word) {
      return static_cast<Enum>(i);
    }
  }
  throw WrongField{std::string(field) + " '" + word + "'"};
}

std::string text(const Json& json, const char* field) {
  const auto at = json.find(field);
  return at == json.end() || at->is_null() ? "" : at->get<std::string>();
}

std::vector<std::string> texts(const Json& json, const char* field) {
  const auto at = json.find(field);
  return at == json.end() ? std::vector<std::string>{} : at->get<std::vector<std::string>>();
}

std::optional<double> number(const Json& json, const char* field) {
  const auto at = json.find(field);
  return at == json.end() || at->is_null() ? std::nullopt : std::optional(at->get<double>());
}

std::optional<std::int64_t> integer(const Json& json, const char* field) {
  const auto at = json.find(field);
  return at == json.end() || at->is_null() ? std::nullopt : std::optional(at->get<std::int64_t>());
}

std::optional<Millis> ms(const Json& json, const char* field) {
  const auto value = number(json, field);
  return value ? std::optional(Millis{*value}) : std::nullopt;
}

std::optional<PlanCost> cost(const Json& json, const char* field) {
  const auto value = number(json, field);
  return value ? std::optional(PlanCost{*value}) : std::nullopt;
}

std::optional<Rows> rows(const Json& json, const char* field) {
  const auto value = number(json, field);
  return value ? std::optional(Rows{*value}) : std::nullopt;
}

StatementId statement_id(const Json& json) {
  const auto value = parse_hex16(text(json, "fingerprint"));
  if (!value) {
    throw WrongField{"fingerprint"};
  }
  return {*value};
}

TimePoint time(const Json& json, const char* field) {
  std::istringstream in(json.at(field).get<std::string>());
  TimePoint value;
  in >> date::parse("%FT%TZ", value);
  if (in.fail()) {
    throw WrongField{field};
  }
  return value;
}

ActualRun read_actual(const Json& json) {
  ActualRun run;
  run.rows = {json.at("rows").get<double>()};
  run.loops = json.at("loops").get<double>();
  run.time = ms(json, "time_ms");
  run.rows_removed_by_filter = rows(json, "rows_removed_by_filter");
  run.heap_fetches = number(json, "heap_fetches");
  run.lossy_heap_blocks = number(json, "lossy_heap_blocks");
  run.blocks_hit = number(json, "blocks_hit");
  run.blocks_read = number(json, "blocks_read");
  run.temp_blocks_written = number(json, "temp_blocks_written");
  run.hash_batches = number(json, "hash_batches");
  run.sort_passes = number(json, "sort_passes");
  if (const auto disk = integer(json, "disk_bytes")) {
    run.disk_used = Bytes{*disk};
  }
  return run;
}

// Nested no deeper than what report_json() was given; the readers of plans bound that.
PlanNode read_node(const Json& json) {
  PlanNode node;
  node.kind = named<NodeKind>(json, "kind", static_cast<int>(NodeKind::kOther) + 1);
  node.label = text(json, "label");
  node.schema = text(json, "schema");
  node.table = text(json, "table");
  node.alias = text(json, "alias");
  node.index = text(json, "index");
  node.covering = json.at("covering").get<bool>();
  if (!json.at("join").is_null()) {
    node.join = named<JoinMethod>(json, "join", 3);
  }
  node.join_type = text(json, "join_type");
  node.filter = text(json, "filter");
  node.index_condition = text(json, "index_condition");
  node.join_condition = text(json, "join_condition");
  node.join_filter = text(json, "join_filter");
  node.subplan = text(json, "subplan");
  node.index_columns = texts(json, "index_columns");
  node.sort_keys = texts(json, "sort_keys");
  node.group_keys = texts(json, "group_keys");
  node.rows = {json.at("rows").get<double>()};
  node.rows_read = rows(json, "rows_read");
  node.cost = cost(json, "cost");
  if (!json.at("actual").is_null()) {
    node.actual = read_actual(json.at("actual"));
  }
  for (const Json& child : json.at("children")) {
    node.children.push_back(read_node(child));
  }
  return node;
}

Finding read_finding(const Json& json) {
  Finding finding;
  finding.rule = text(json, "rule");
  finding.severity = named<Severity>(json, "severity", 3);
  finding.confidence = named<Confidence>(json, "confidence", 3);
  finding.title = text(json, "title");
  finding.why = text(json, "why");
  for (const Json& object : json.at("objects")) {
    finding.objects.push_back({named<ObjectKind>(object, "kind", 7), text(object, "name")});
  }
  for (const Json& affected : json.at("statements")) {
    finding.statements.push_back(
        {statement_id(affected),
         affected.contains("role") ? named<StatementRole>(affected, "role", 3) : StatementRole::kNone,
         cost(affected, "cost_before"), cost(affected, "cost_after")});
  }
  for (const Json& fact : json.at("evidence")) {
    finding.evidence.push_back(
        {text(fact, "text"), text(fact, "metric"), fact.at("value").get<double>(), text(fact, "unit")});
  }
  const Json& action = json.at("action");
  finding.action = {named<ActionKind>(action, "kind", 4),
                    texts(action, "sql"),
                    texts(action, "rollback"),
                    text(action, "text"),
                    named<Effort>(action, "effort", 3),
                    text(action, "risk")};
  const Json& impact = json.at("impact");
  finding.impact.load_saved = number(impact, "load_saved");
  finding.impact.time_saved_per_hour = ms(impact, "time_saved_ms_per_hour");
  finding.impact.speedup = number(impact, "speedup");
  finding.impact.low = number(impact, "low");
  finding.impact.high = number(impact, "high");
  finding.impact.basis = named<Basis>(impact, "basis", 4);
  if (const auto size = integer(impact, "index_size_bytes")) {
    finding.impact.index_size = Bytes{*size};
  }
  finding.impact.write_overhead = number(impact, "write_overhead");
  return finding;
}

Recommendation read_recommendation(const Json& json) {
  Recommendation recommendation;
  recommendation.rank = json.at("rank").get<int>();
  recommendation.id = text(json, "id");
  recommendation.finding = read_finding(json);
  recommendation.also = texts(json, "also");
  recommendation.horizon = named<Horizon>(json, "horizon", 3);
  recommendation.status = named<RecommendationStatus>(json, "status", 6);
  return recommendation;
}

Statement read_statement(const Json& json) {
  Statement statement;
  statement.id = statement_id(json);
  statement.query = text(json, "query");
  statement.user = text(json, "user");
  StatementStats& stats = statement.stats;
  stats.calls = json.at("calls").get<std::int64_t>();
  stats.total_time = Millis{json.at("total_time_ms").get<double>()};
  stats.min_time = ms(json, "min_ms");
  stats.max_time = ms(json, "max_ms");
  stats.stddev_time = ms(json, "stddev_ms");
  stats.p95_time = ms(json, "p95_ms");
  stats.p99_time = ms(json, "p99_ms");
  stats.percentiles_measured = text(json, "percentiles") == "measured";
  stats.rows = json.at("rows").get<std::int64_t>();
  stats.blocks_hit = integer(json, "blocks_hit");
  stats.blocks_read = integer(json, "blocks_read");
  stats.temp_blocks_written = integer(json, "temp_blocks_written");
  return statement;
}

StatementPlan read_statement_plan(const Json& json) {
  StatementPlan planned;
  planned.error = text(json, "plan_error");
  if (!json.at("plan").is_null()) {
    planned.plan = Plan{};
    planned.plan->root = read_node(json.at("plan"));
    planned.plan->source = named<PlanSource>(json, "plan_source", 5);
  }
  if (json.contains("worst_plan")) {
    planned.worst = Plan{};
    planned.worst->root = read_node(json.at("worst_plan"));
    planned.worst->source = planned.plan->source;
  }
  return planned;
}

StatementChoice read_choice(const Json& json) {
  StatementChoice choice;
  choice.before = {json.at("cost_before").get<double>()};
  choice.after = {json.at("cost_after").get<double>()};
  choice.saved = json.at("saved").get<double>();
  choice.saved_low = json.at("saved_low").get<double>();
  choice.saved_high = json.at("saved_high").get<double>();
  choice.uses = texts(json, "uses");
  choice.reason = text(json, "reason");
  return choice;
}

Gap read_gap(const Json& json) {
  Gap gap{text(json, "what"),        text(json, "why"),  text(json, "remedy"),
          texts(json, "remedy_sql"), text(json, "rule"), {}};
  if (json.contains("fingerprint")) {
    gap.statement = statement_id(json);
  }
  return gap;
}

AuditReport read_report(const Json& json) {
  if (text(json, "schema") != "planwise.report/1") {
    throw WrongField{"schema '" + text(json, "schema") + "'"};
  }
  AuditReport report;
  const Json& target = json.at("target");
  report.target_name = text(target, "name");
  report.server.engine = named<Engine>(target, "engine", 3);
  report.server.version_text = text(target, "version");
  report.server.database = text(target, "database");
  report.has_load = !json.at("load").is_null();
  if (report.has_load) {
    const Json& window = json.at("window");
    report.window = {time(window, "from"), time(window, "to")};
    report.window_kind = named<WindowKind>(window, "kind", 4);
    const Json& load = json.at("load");
    report.total_time = Millis{load.at("total_time_ms").get<double>()};
    report.total_calls = load.at("calls").get<std::int64_t>();
    report.total_statements = load.at("statements").get<std::int64_t>();
    report.statements_analysed = load.at("statements_analysed").get<std::int64_t>();
    report.load_planned = load.at("planned_share").get<double>();
  }
  if (json.contains("advice")) {  // reports stored by earlier versions have none
    report.advice_questions = json.at("advice").at("questions").get<std::int64_t>();
    report.advice_complete = json.at("advice").at("complete").get<bool>();
  }
  for (const Json& item : json.at("recommendations")) {
    report.recommendations.push_back(read_recommendation(item));
  }
  for (const Json& item : json.at("statements")) {
    report.statements.push_back(read_statement(item));
    if (StatementPlan planned = read_statement_plan(item); planned.plan || !planned.error.empty()) {
      report.plans.emplace(report.statements.back().id, std::move(planned));
    }
    if (item.contains("advice")) {
      report.choices.emplace(report.statements.back().id, read_choice(item.at("advice")));
    }
  }
  for (const Json& item : json.at("skipped")) {
    report.skipped.push_back(read_gap(item));
  }
  return report;
}

}  // namespace

Result<AuditReport> parse_report(std::string_view json) {
  try {
    return read_report(Json::parse(json));
  } catch (const WrongField& wrong) {
    return Error{ErrorCode::kMalformed, "not a planwise report: unexpected " + wrong.what};
  } catch (const Json::exception& failure) {
    return Error{ErrorCode::kMalformed, std::string("not a planwise report: ") + failure.what()};
  }
}

}  // namespace planwise
