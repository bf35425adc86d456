// The cost model against the server's own planner, asked by HypoPG about the same indexes.
#include "analyzer/cost_model/cost_model.h"

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "analyzer/advise/advisor.h"
#include "analyzer/audit.h"
#include "connectors/connector.h"
#include "connectors/given_workload.h"
#include "tests/support/postgres_server.h"

namespace planwise {
namespace {

constexpr const char* kTables =
    "CREATE EXTENSION hypopg;"
    "CREATE TABLE customers (id int PRIMARY KEY, city int NOT NULL, name text NOT NULL);"
    "INSERT INTO customers SELECT n, n % 50, 'n' || n FROM generate_series(0, 9999) n;"
    "CREATE TABLE orders (id int PRIMARY KEY, customer int NOT NULL, state text NOT NULL, amount int NOT "
    "NULL,"
    " made timestamptz NOT NULL, gone timestamptz, note text NOT NULL);"
    "INSERT INTO orders SELECT n, n * 7919 % 10000, CASE WHEN n % 100 = 0 THEN 'open' ELSE 'done' END, n % "
    "1000,"
    " timestamptz '2025-01-01' + n * interval '1 minute',"
    " CASE WHEN n % 20 = 0 THEN timestamptz '2025-06-01' END, repeat('x', 60) FROM generate_series(0, "
    "199999) n";

struct Pair {
  const char* name;
  const char* sql;
  IndexDef index;
};

IndexDef on_orders(const std::vector<std::string>& keys, const std::string& predicate = "") {
  IndexDef def{.table = {"public", "orders"}};
  for (const std::string& key : keys) {
    def.keys.push_back({.expression = key});
  }
  def.predicate = predicate;
  return def;
}

std::vector<Pair> pairs() {
  return {
      {"equal", "SELECT note FROM orders WHERE customer = 5", on_orders({"customer"})},
      {"both", "SELECT note FROM orders WHERE customer = 5 AND amount = 95",
       on_orders({"customer", "amount"})},
      {"rare", "SELECT note FROM orders WHERE state = 'open' AND amount < 50",
       on_orders({"amount"}, "state = 'open'")},
      {"range", "SELECT note FROM orders WHERE made BETWEEN '2025-02-01' AND '2025-02-03'",
       on_orders({"made"})},
      {"newest", "SELECT note FROM orders WHERE customer = 7 ORDER BY made DESC LIMIT 5",
       on_orders({"customer", "made"})},
      {"covered", "SELECT count(*) FROM orders WHERE amount = 12", on_orders({"amount"})},
      {"list", "SELECT note FROM orders WHERE customer IN (1, 2, 3)", on_orders({"customer"})},
      {"gone", "SELECT count(*) FROM orders WHERE gone IS NOT NULL AND amount = 40",
       on_orders({"amount"}, "gone IS NOT NULL")},
      {"join", "SELECT o.note FROM customers c JOIN orders o ON o.customer = c.id WHERE c.id < 20",
       on_orders({"customer"})},
      {"never",
       "SELECT name FROM customers c WHERE NOT EXISTS (SELECT 1 FROM orders o WHERE o.customer = c.id) "
       "AND c.id < 20",
       on_orders({"customer"})},
      {"latest", "SELECT max(made) FROM orders WHERE customer = 9", on_orders({"customer", "made"})},
      {"change", "UPDATE orders SET note = 'y' WHERE customer = 8", on_orders({"customer"})},
  };
}

class CostModelLive : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    server_ = new test::PostgresServer;
    const std::string dsn = server_->create_database("model");
    (void)server_->sql(kTables, "model");
    (void)server_->sql("VACUUM ANALYZE", "model");
    CaptureOptions options;
    options.allow_privileged = true;
    for (const Pair& pair : pairs()) {
      options.given.push_back({pair.name, pair.sql, 10});
    }
    connector_ = open_target(dsn, options).value().release();
    snapshot_ = new Snapshot(connector_->capture(options).value());
    shapes_ = new auto(shapes_of(*snapshot_, literal_texts(options.given, Engine::kPostgres)));
  }
  static void TearDownTestSuite() {
    delete shapes_;
    delete snapshot_;
    delete connector_;
    delete server_;
  }

  static StatementId id_of(const Pair& pair, TimePoint now) {
    const GivenStatement given{pair.name, pair.sql, 10};
    return workload_of({&given, 1}, Engine::kPostgres, now).statements.at(0).id;
  }

  static double total(WhatIf& planner, const IndexSet& indexes) {
    std::vector<StatementId> all;
    for (const Statement& statement : snapshot_->workload.statements) {
      all.push_back(statement.id);
    }
    double sum = 0;
    const std::vector<StatementCost> costs = planner.costs(all, indexes, false).value();
    for (const StatementCost& one : costs) {
      sum += one.cost.value().units;
    }
    return sum;
  }

  static IndexSet advised(WhatIf& planner) {
    IndexSet set;
    const Advice advice = advise(*snapshot_, *shapes_, planner, {}).value();
    for (const IndexProposal& proposal : advice.proposals) {
      set.added.push_back(proposal.def);
    }
    return set;
  }

  static test::PostgresServer* server_;
  static Connector* connector_;
  static Snapshot* snapshot_;
  static std::map<StatementId, StatementShape>* shapes_;
};

test::PostgresServer* CostModelLive::server_ = nullptr;
Connector* CostModelLive::connector_ = nullptr;
Snapshot* CostModelLive::snapshot_ = nullptr;
std::map<StatementId, StatementShape>* CostModelLive::shapes_ = nullptr;

// HypoPG leaves out what descending the tree costs (an eighth of a unit a level), so no pair searches an
// index thousands of times: planner_test.cpp has one against a real index.
TEST_F(CostModelLive, CostsAreWithinHalfOfThePlanners) {
  ASSERT_NE(connector_->what_if(), nullptr);
  CostModelWhatIf model(*snapshot_, *shapes_);
  for (const Pair& pair : pairs()) {
    const StatementId id = id_of(pair, snapshot_->taken_at);
    const IndexSet set{{pair.index}, {}};
    const auto ours = model.costs({&id, 1}, set, false).value().at(0);
    const auto theirs = connector_->what_if()->costs({&id, 1}, set, false).value().at(0);
    ASSERT_TRUE(ours.cost && theirs.cost) << pair.name << ": " << ours.error << theirs.error;
    EXPECT_EQ(ours.used, theirs.used) << pair.name;
    EXPECT_LT(ours.cost->units, 1.5 * theirs.cost->units + 1) << pair.name;
    EXPECT_GT(ours.cost->units, theirs.cost->units / 1.5 - 1) << pair.name;
  }
}

TEST_F(CostModelLive, TheSetItChoosesIsNearlyAsGoodByTheServersPlanner) {
  ASSERT_NE(connector_->what_if(), nullptr);
  CostModelWhatIf model(*snapshot_, *shapes_);
  WhatIf& planner = *connector_->what_if();
  const IndexSet by_model = advised(model);
  const IndexSet by_planner = advised(planner);
  ASSERT_FALSE(by_model.added.empty());
  const double before = total(planner, {});
  EXPECT_LT(total(planner, by_model), 0.1 * before);
  EXPECT_LT(total(planner, by_model), 1.15 * total(planner, by_planner));
}

}  // namespace
}  // namespace planwise
