#include "tests/live/planted_database.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "analyzer/advise/advisor.h"
#include "connectors/connector.h"
#include "rules/rules.h"

namespace planwise::test {

PlantedDatabase::PlantedDatabase(const PostgresServer& server, std::string name)
    : server_(server), name_(std::move(name)) {
  (void)server_.create_database(name_);
  run("CREATE EXTENSION IF NOT EXISTS hypopg");
}

void PlantedDatabase::run(std::string_view sql) const {
  (void)server_.sql(sql, name_);
}

void PlantedDatabase::repeat(int times, std::string_view sql) const {
  std::string all;
  for (int i = 1; i <= times; ++i) {
    for (const char c : sql) {
      c == '#' ? all += std::to_string(i) : all += c;
    }
    all += ";\n";
  }
  run(all);
}

void PlantedDatabase::reset_counters() const {
  run("SELECT pg_stat_statements_reset(); SELECT pg_stat_reset()");
}

AuditReport PlantedDatabase::audit(const std::function<void(Snapshot&)>& adjust) const {
  CaptureOptions options;
  options.allow_privileged = true;
  auto connector = open_target(server_.dsn(name_), options);
  if (!connector) {
    throw std::runtime_error(connector.error().message);
  }
  Result<Snapshot> captured = connector.value()->capture(options);
  if (!captured) {
    throw std::runtime_error(captured.error().message);
  }
  Snapshot snapshot = *std::move(captured);
  if (adjust) {
    adjust(snapshot);
  }
  const auto shapes = shapes_of(snapshot);
  Advice advice;
  if (WhatIf* planner = connector.value()->what_if(); planner != nullptr) {
    Result<Advice> advised = advise(snapshot, shapes, *planner, AdviseOptions{});
    if (!advised) {
      throw std::runtime_error(advised.error().message);
    }
    advice = *std::move(advised);
  }
  return analyse(snapshot, shapes, advice, rules::all(), name_);
}

std::vector<const Recommendation*> said(const AuditReport& report, std::string_view rule,
                                        std::string_view object) {
  std::vector<const Recommendation*> found;
  for (const Recommendation& one : report.recommendations) {
    const bool by_rule = one.finding.rule == rule || std::ranges::find(one.also, rule) != one.also.end();
    const bool about = object.empty() || std::ranges::any_of(one.finding.objects, [&](const ObjectRef& ref) {
                         return ref.name == object;
                       });
    if (by_rule && about) {
      found.push_back(&one);
    }
  }
  return found;
}

std::string summary(const AuditReport& report) {
  std::string text;
  for (const Recommendation& one : report.recommendations) {
    text += fmt::format("{} {} [", one.finding.rule, one.finding.title);
    for (const std::string& also : one.also) {
      text += also + " ";
    }
    text += "]\n";
    for (const std::string& sql : one.finding.action.sql) {
      text += "    " + sql + "\n";
    }
  }
  for (const Statement& statement : report.statements) {
    const auto plan = report.plans.find(statement.id);
    text += fmt::format("{} calls={} rows={} {} {}\n", to_string(statement.id), statement.stats.calls,
                        statement.stats.rows, statement.query.substr(0, 120),
                        plan == report.plans.end() ? "(no plan)" : plan->second.error);
  }
  for (const Gap& gap : report.skipped) {
    text += fmt::format("skipped {} ({}): {}\n", gap.what, gap.rule, gap.why);
  }
  return text;
}

}  // namespace planwise::test
