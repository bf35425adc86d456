// Planning what pg_stat_statements keeps, on every PostgreSQL there is.
#include <gmock/gmock.h>

#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "tests/live/postgres_planning.h"
#include "tests/support/postgres_versions.h"
#include "tests/support/read_file.h"

namespace planwise::pg {
namespace {

using test::given;
using test::plan;
using test::PostgresServer;
using test::session_of;
using test::tables_in;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

std::string file(const std::string& name) {
  return test::read_file(std::string(PLANWISE_SOURCE_DIR) + "/tests/live/replan_statements/" + name);
}

// One statement a line.
std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) {
    lines.push_back(line);
  }
  return lines;
}

class ReplanOnEveryVersion : public testing::TestWithParam<std::string> {};

TEST_P(ReplanOnEveryVersion, PlansOrdinaryStatementsPartitionedTablesIncluded) {
  PostgresServer server({.bin_dir = GetParam()});
  server.create_database("shop");
  server.sql(file("schema.sql"), "shop");
  server.sql("SELECT pg_stat_statements_reset()", "shop");
  const std::vector<std::string> lines = lines_of(file("statements.sql"));
  ASSERT_GE(lines.size(), 60U);
  for (const std::string& line : lines) {
    server.sql(line, "shop");
  }
  const auto session = session_of(server);
  const test::Planned planned = plan(*session, {});

  std::vector<std::string> failures;
  std::size_t plannable = 0;
  for (const Statement& statement : planned.snapshot.workload.statements) {
    const StatementPlan& found = planned.snapshot.plans.at(statement.id);
    const bool is_utility = found.error.starts_with("it is no SELECT");
    plannable += is_utility ? 0 : 1;
    if (!found.plan && !is_utility) {
      failures.push_back(statement.query + ": " + found.error);
    }
  }
  EXPECT_GE(plannable, 60U);
  EXPECT_LE(static_cast<double>(failures.size()), 0.05 * static_cast<double>(plannable))
      << testing::PrintToString(failures);
  EXPECT_GT(planned.statements.load_planned, 0.5);
  for (const std::string on_partitions :
       {"SELECT count(*) FROM events WHERE at >= '2024-08-01' AND at < '2024-08-15'",
        "SELECT * FROM tenants WHERE tenant = 1 AND id = 77"}) {
    const StatementPlan& found = planned.of(on_partitions);
    ASSERT_TRUE(found.plan) << found.error;
    EXPECT_THAT(tables_in(*found.plan), Not(IsEmpty())) << on_partitions;
  }
}

INSTANTIATE_TEST_SUITE_P(Versions, ReplanOnEveryVersion, testing::ValuesIn(test::postgres_bin_dirs()),
                         [](const auto& param) { return test::version_name(param.param); });

class Replan : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    server_ = new PostgresServer();
    server_->create_database("shop");
    server_->sql(file("schema.sql"), "shop");
  }
  static void TearDownTestSuite() { delete server_; }

  static PostgresServer* server_;
};
PostgresServer* Replan::server_ = nullptr;

TEST_F(Replan, TheSourceOfThePlanIsSaid) {
  const auto session = session_of(*server_);
  const std::string literal = "SELECT * FROM orders WHERE customer_id = 7";
  const std::string normalised = "SELECT * FROM orders WHERE id = $1";
  const test::Planned planned = plan(*session, given({literal, normalised, "SELECT now()"}));
  ASSERT_TRUE(planned.of(literal).plan && planned.of(normalised).plan && planned.of("SELECT now()").plan);
  EXPECT_EQ(planned.of(literal).plan->source, PlanSource::kAsIs);
  EXPECT_EQ(planned.of(normalised).plan->source, PlanSource::kStatistics);
  EXPECT_EQ(planned.of("SELECT now()").plan->source, PlanSource::kAsIs);
  EXPECT_EQ(planned.statements.statements.size(), 3U);
  EXPECT_EQ(planned.statements.load_planned, 1);
}

TEST(ReplanInAFullView, LeavesTheApplicationsStatementsTheirPlace) {
  PostgresServer server({.settings = {"pg_stat_statements.max=250"}});
  server.create_database("shop");
  server.sql("CREATE TABLE t (a int); CREATE ROLE reader LOGIN IN ROLE pg_monitor, pg_read_all_data", "shop");
  std::string sum = "a";
  for (int i = 0; i < 180; ++i) {
    server.sql("SELECT " + sum + " FROM t", "shop");
    sum += " + a";
  }
  const auto session = session_of(server, "shop", "reader");
  const test::Planned planned = plan(*session, {});
  const auto refused = std::ranges::count_if(planned.snapshot.plans, [](const auto& entry) {
    return entry.second.error.find("out of pg_stat_statements") != std::string::npos;
  });
  EXPECT_GT(refused, 50);
  EXPECT_LE(planned.statements.statements.size(), 100U);
  EXPECT_EQ(server.value("SELECT dealloc FROM pg_stat_statements_info", "shop"), "0");
}

TEST_F(Replan, LiteralsOfRunningStatementsComeFirst) {
  const std::string sql = "SELECT count(*) FROM public.orders WHERE note = 'note 12'";
  server_->sql("SELECT count(*) FROM public.orders WHERE note = 'note 1'", "shop");
  const auto other = session_of(*server_);  // stays connected: its last statement is on show
  ASSERT_TRUE(other->query(sql));
  const auto session = session_of(*server_);
  const test::Planned planned = plan(*session, {});
  ASSERT_TRUE(planned.of(sql).plan) << planned.of(sql).error;
  EXPECT_EQ(planned.of(sql).plan->source, PlanSource::kParameters);
  walk(*planned.of(sql).plan,
       [](const PlanNode& node, const std::string&) { EXPECT_THAT(node.filter, Not(HasSubstr("note 12"))); });
}

TEST_F(Replan, DataModificationIsPlannedAndNeverDone) {
  const auto session = session_of(*server_);
  const std::string contents = "SELECT count(*) || ' ' || sum(total) FROM orders";
  const std::string before = server_->value(contents, "shop");
  const std::vector<std::string> statements{
      "INSERT INTO orders SELECT id + 1000000, 1, 'new', 1, now() FROM orders",
      "UPDATE orders SET total = 0 WHERE id > $1", "DELETE FROM orders",
      "MERGE INTO counters c USING staging s ON c.name = s.email WHEN MATCHED THEN UPDATE SET value = 0 "
      "WHEN NOT MATCHED THEN INSERT (name, value) VALUES (s.email, 1)",
      "WITH gone AS (DELETE FROM orders RETURNING id) SELECT count(*) FROM gone"};
  const test::Planned planned = plan(*session, given(statements));
  for (const std::string& sql : statements) {
    EXPECT_TRUE(planned.of(sql).plan) << sql << ": " << planned.of(sql).error;
  }
  EXPECT_EQ(server_->value(contents, "shop"), before);
}

TEST_F(Replan, ALoginThatMayOnlyReadSeesHowWritesFindTheirRows) {
  server_->create_role("reader", "IN ROLE pg_monitor, pg_read_all_data");
  const std::string update = "UPDATE orders SET total = $1 WHERE customer_id = $2";
  const std::string remove = "DELETE FROM order_items i USING orders o WHERE o.id = i.order_id AND o.id = 12";
  const std::string lock = "SELECT * FROM orders WHERE id = $1 FOR UPDATE";
  const auto session = session_of(*server_, "shop", "reader");
  const test::Planned planned =
      plan(*session, given({update, remove, lock, "INSERT INTO counters VALUES ('a', 1)"}));
  for (const std::string& sql : {update, remove}) {
    const StatementPlan& found = planned.of(sql);
    ASSERT_TRUE(found.plan) << found.error;
    EXPECT_EQ(found.plan->root.kind, NodeKind::kWrite);
    ASSERT_EQ(found.plan->root.children.size(), 1U);
    EXPECT_NE(found.plan->root.children[0].kind, NodeKind::kFullScan);
  }
  ASSERT_TRUE(planned.of(lock).plan) << planned.of(lock).error;
  EXPECT_EQ(planned.of(lock).plan->root.index, "orders_pkey");
  EXPECT_THAT(planned.of("INSERT INTO counters VALUES ('a', 1)").error, HasSubstr("reads nothing"));
}

TEST_F(Replan, ARangeHasATypicalAndAWorstPlan) {
  const auto session = session_of(*server_);
  const std::string sql = "SELECT * FROM orders WHERE created_at > $1";
  const test::Planned planned = plan(*session, given({sql}));
  const StatementPlan& found = planned.of(sql);
  ASSERT_TRUE(found.plan && found.worst) << found.error;
  EXPECT_NE(found.plan->root.kind, NodeKind::kFullScan);
  EXPECT_EQ(found.worst->root.kind, NodeKind::kFullScan);
  EXPECT_GT(found.worst->root.rows.count, 5 * found.plan->root.rows.count);
}

TEST_F(Replan, DrawnBoundsDoNotCountAsIndexScans) {
  const std::string scans = "SELECT sum(idx_scan) FROM pg_stat_user_indexes WHERE relname = 'orders'";
  const std::string before = server_->value(scans, "shop");
  auto session = session_of(*server_);
  plan(*session,
       given({"SELECT * FROM orders WHERE created_at > $1", "SELECT id FROM orders WHERE created_at < $1",
              "SELECT total FROM orders WHERE created_at BETWEEN $1 AND $2",
              "SELECT note FROM orders WHERE customer_id >= $1 LIMIT $2"}));
  session.reset();  // a backend reports its counters at the latest when it ends
  server_->sql("SELECT pg_sleep(0.3)");
  EXPECT_EQ(server_->value(scans, "shop"), before);
}

TEST_F(Replan, NamesAreLookedUpAsTheStatementsUserDoes) {
  server_->sql(R"(CREATE SCHEMA "App's ""1"; CREATE TABLE "App's ""1".things ("Größe %s" integer);
                  CREATE SCHEMA visitor; CREATE TABLE visitor.things (b integer);
                  CREATE ROLE app LOGIN; ALTER ROLE app SET search_path = "App's ""1", public; CREATE ROLE visitor LOGIN;
                  GRANT ALL ON ALL TABLES IN SCHEMA "App's ""1", visitor TO app, visitor;
                  GRANT USAGE ON SCHEMA "App's ""1", visitor TO app, visitor)",
               "shop");
  const std::string by_role = R"(SELECT "Größe %s" FROM things WHERE "Größe %s" = 4)";
  const std::string by_name = "SELECT b FROM things WHERE b = 4";
  server_->sql(by_role, "shop", "app");
  server_->sql(by_name, "shop", "visitor");
  const auto session = session_of(*server_);
  const test::Planned planned = plan(*session, {});
  for (const std::string& sql : {by_role, by_name}) {
    ASSERT_TRUE(planned.of(sql).plan) << planned.of(sql).error;
    EXPECT_THAT(tables_in(*planned.of(sql).plan), ElementsAre(HasSubstr("things")));
  }
}

TEST_F(Replan, PlanningEndsWithinItsBudget) {
  // Trusted, and slow to fold.
  server_->sql(
      "CREATE FUNCTION slow(integer) RETURNS integer IMMUTABLE LANGUAGE plpgsql AS "
      "'BEGIN PERFORM pg_sleep(30); RETURN 1; END'",
      "shop");
  std::string join = "SELECT 1 FROM orders t0";
  for (int i = 1; i < 11; ++i) {
    join += ", orders t" + std::to_string(i);
  }
  join += " WHERE true";
  for (int i = 1; i < 11; ++i) {
    join += " AND t" + std::to_string(i) + ".customer_id = t0.customer_id";
  }
  std::vector<std::string> statements{join};
  for (const char* const column : {"id", "note", "total", "state", "shipped_at"}) {
    statements.push_back(std::string("SELECT ") + column + " FROM orders WHERE id = slow(1)");
  }
  CaptureOptions options = given(statements);
  options.statement_timeout = std::chrono::milliseconds(1'000);
  const auto session = session_of(*server_);
  const auto start = std::chrono::steady_clock::now();
  const test::Planned planned = plan(*session, options);
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(12));
  std::size_t stopped = 0;
  for (const Gap& gap : planned.snapshot.gaps) {
    stopped += gap.why.find("stopped after 3 timeouts") != std::string::npos ? 1 : 0;
  }
  EXPECT_GE(stopped, 2U);
  server_->sql("DROP FUNCTION slow", "shop");
}

TEST_F(Replan, ALockedTableIsGivenUpQuickly) {
  const std::string sql = "SELECT 1 FROM staging WHERE id = 5";
  const auto session = session_of(*server_);
  const CaptureOptions options = given({sql});
  auto snapshot = capture_catalog(*session, options);
  ASSERT_TRUE(snapshot);
  std::thread locked([] { server_->sql("BEGIN; LOCK TABLE staging; SELECT pg_sleep(2); COMMIT", "shop"); });
  server_->sql("SELECT pg_sleep(0.5)");
  const auto start = std::chrono::steady_clock::now();
  const auto planned = plan_statements(*session, *snapshot, options, test::soon());
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::milliseconds(1'000));
  locked.join();
  ASSERT_TRUE(planned);
  EXPECT_THAT(snapshot->plans.at(test::id_of(sql)).error, HasSubstr("lock"));
}

TEST_F(Replan, WhatIsNotReachedInTimeIsAGap) {
  const std::string sql = "SELECT 1 FROM orders WHERE id = 5";
  const auto session = session_of(*server_);
  const CaptureOptions options = given({sql});
  auto snapshot = capture_catalog(*session, options);
  ASSERT_TRUE(snapshot);
  const std::size_t gaps = snapshot->gaps.size();
  const auto planned = plan_statements(*session, *snapshot, options, std::chrono::steady_clock::now());
  ASSERT_TRUE(planned);
  EXPECT_EQ(planned->load_planned, 0);
  ASSERT_EQ(snapshot->gaps.size(), gaps + 1);
  EXPECT_EQ(snapshot->gaps.back().statement, test::id_of(sql));
}

}  // namespace
}  // namespace planwise::pg
