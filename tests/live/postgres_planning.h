// What the live tests of planning and what-if share.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "analyzer/sql/fingerprint.h"
#include "connectors/postgres/capture.h"
#include "connectors/postgres/replan.h"
#include "connectors/postgres/session.h"
#include "tests/support/postgres_server.h"

namespace planwise::test {

inline pg::Deadline soon() {
  return std::chrono::steady_clock::now() + std::chrono::seconds(60);
}

inline std::unique_ptr<pg::Session> session_of(const PostgresServer& server,
                                               const std::string& database = "shop",
                                               const std::string& user = "postgres") {
  pg::SessionOptions options;
  options.allow_privileged = true;
  auto session = pg::Session::open(server.dsn(database, user), options, soon());
  EXPECT_TRUE(session.has_value()) << (session ? "" : session.error().message);
  return std::make_unique<pg::Session>(*std::move(session));
}

inline StatementId id_of(const std::string& sql) {
  return normalise(sql, Engine::kPostgres).id;
}

inline CaptureOptions given(const std::vector<std::string>& statements) {
  CaptureOptions options;
  for (const std::string& sql : statements) {
    options.given.push_back({"statement" + std::to_string(options.given.size()), sql, 1});
  }
  return options;
}

// The catalogue and the given statements, planned.
struct Planned {
  Snapshot snapshot;
  pg::PlannedStatements statements;

  // Of the statement that `sql` is an instance of.
  [[nodiscard]] const StatementPlan& of(const std::string& sql) const {
    static const StatementPlan kNone{std::nullopt, std::nullopt, "no such statement"};
    const auto plan = snapshot.plans.find(id_of(sql));
    return plan == snapshot.plans.end() ? kNone : plan->second;
  }
};

inline Planned plan(pg::Session& session, const CaptureOptions& options) {
  Planned planned;
  auto snapshot = pg::capture_catalog(session, options);
  EXPECT_TRUE(snapshot.has_value()) << (snapshot ? "" : snapshot.error().message);
  planned.snapshot = *std::move(snapshot);
  auto statements = pg::plan_statements(session, planned.snapshot, options, soon());
  EXPECT_TRUE(statements.has_value()) << (statements ? "" : statements.error().message);
  planned.statements = *std::move(statements);
  return planned;
}

inline std::vector<std::string> tables_in(const Plan& plan) {
  std::vector<std::string> tables;
  walk(plan, [&tables](const PlanNode& node, const std::string&) {
    if (!node.table.empty()) {
      tables.push_back(node.qualified_table());
    }
  });
  return tables;
}

}  // namespace planwise::test
