#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <memory>

#include "connectors/postgres/capture.h"
#include "connectors/postgres/privileges.h"
#include "tests/support/postgres_server.h"

namespace planwise::pg {
namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;
using testing::Contains;
using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr const char* kShop = R"(
CREATE TYPE mood AS ENUM ('sad', 'glad');
CREATE DOMAIN email AS varchar(200);
CREATE DOMAIN work_email AS email;
CREATE TABLE customers (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  email work_email NOT NULL, name text COLLATE "C", feeling mood, born date);
CREATE TABLE orders (
  id serial PRIMARY KEY, customer_id bigint NOT NULL REFERENCES customers ON DELETE CASCADE, status text NOT NULL,
  total numeric(10, 2), created_at timestamptz NOT NULL DEFAULT now()) WITH (fillfactor = 80);
CREATE INDEX orders_fancy_idx ON orders (lower(status) text_pattern_ops, created_at DESC NULLS LAST)
  INCLUDE (total) WITH (fillfactor = 70) WHERE total > 10;
CREATE INDEX orders_collated_idx ON orders USING btree (status COLLATE "C");
CREATE UNIQUE INDEX customers_email_idx ON customers (email);
ALTER TABLE customers ADD CONSTRAINT one_email UNIQUE (email, id);
CREATE TABLE events (id bigint, at date NOT NULL, kind int) PARTITION BY RANGE (at);
CREATE TABLE events_old PARTITION OF events FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
CREATE TABLE events_new PARTITION OF events FOR VALUES FROM ('2021-01-01') TO ('2022-01-01') PARTITION BY LIST (kind);
CREATE TABLE events_new_1 PARTITION OF events_new FOR VALUES IN (1, 2);
CREATE INDEX events_at_idx ON events (at);
CREATE STATISTICS orders_dep (dependencies, ndistinct) ON customer_id, status FROM orders;
CREATE VIEW open_orders AS SELECT * FROM orders WHERE status = 'open';
CREATE MATERIALIZED VIEW order_counts AS SELECT customer_id, count(*) AS n FROM orders GROUP BY 1;
CREATE UNLOGGED TABLE scratch (a int);
INSERT INTO customers (email, name, feeling, born)
  SELECT 'c' || i || '@example.com', 'n' || i, 'glad', date '1970-01-01' + i % 9000 FROM generate_series(1, 2000) AS i;
INSERT INTO orders (customer_id, status, total)
  SELECT i % 2000 + 1, CASE WHEN i % 10 = 0 THEN 'open' ELSE 'done' END, i % 500 FROM generate_series(1, 20000) AS i;
INSERT INTO events SELECT i, date '2020-06-01' + i % 500, 1 FROM generate_series(1, 3000) AS i;
VACUUM ANALYZE;
)";

// Each test has its own database on one server.
class PostgresCapture : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    server_ = std::make_unique<test::PostgresServer>();
    for (const std::string& sql : least_privilege_sql("planwise", "postgres", true)) {
      server_->sql(sql);
    }
    server_->create_role("bare");
    server_->create_database("shop");
    std::string_view rest = kShop;
    for (std::size_t end = rest.find(";\n"); end != std::string_view::npos; end = rest.find(";\n")) {
      server_->sql(rest.substr(0, end), "shop");  // one by one: VACUUM runs in no transaction block
      rest.remove_prefix(end + 1);
    }
    server_->sql("SELECT pg_stat_statements_reset()", "shop");
    server_->sql("SELECT count(*) FROM events", "shop");
  }
  static void TearDownTestSuite() { server_.reset(); }

  static Session open(const std::string& database, const std::string& role = "planwise",
                      SessionOptions options = {}) {
    auto session = Session::open(server_->dsn(database, role), std::move(options), steady_clock::now() + 10s);
    EXPECT_TRUE(session) << session.error().message;
    return *std::move(session);
  }
  static Snapshot capture(const std::string& database, const std::string& role = "planwise",
                          const CaptureOptions& options = {}) {
    Session session = open(database, role);
    auto snapshot = capture_catalog(session, options);
    EXPECT_TRUE(snapshot) << snapshot.error().message;
    return *std::move(snapshot);
  }
  static std::vector<std::string> whats(const Snapshot& snapshot) {
    std::vector<std::string> out;
    for (const Gap& gap : snapshot.gaps) {
      out.push_back(gap.what + ": " + gap.why);
    }
    return out;
  }

  static std::unique_ptr<test::PostgresServer> server_;
};
std::unique_ptr<test::PostgresServer> PostgresCapture::server_;

TEST_F(PostgresCapture, TheLeastPrivilegedRoleSeesEverything) {
  EXPECT_THAT(whats(capture("shop")), IsEmpty());
}

TEST_F(PostgresCapture, ReadsTablesAndColumns) {
  const Snapshot snapshot = capture("shop");
  EXPECT_EQ(snapshot.server.version.major, 15);
  EXPECT_FALSE(snapshot.server.system_identifier.empty());
  EXPECT_FALSE(snapshot.server.is_replica);
  EXPECT_THAT(snapshot.schema.search_path, ElementsAre("public"));

  const Table* orders = snapshot.schema.find({"public", "orders"});
  ASSERT_NE(orders, nullptr);
  EXPECT_EQ(orders->rows->count, 20000);
  EXPECT_GT(orders->size.count, 1 << 20);
  EXPECT_EQ(orders->all_visible_pages, orders->pages);
  EXPECT_EQ(orders->options.at("fillfactor"), "80");
  EXPECT_EQ(orders->counters->inserts, 20000);
  EXPECT_TRUE(orders->counters->last_analyze);

  const Table* customers = snapshot.schema.find({"public", "customers"});
  ASSERT_EQ(customers->columns.size(), 5U);
  EXPECT_TRUE(customers->columns[0].is_identity);
  EXPECT_EQ(customers->columns[1].type, "public.work_email");
  EXPECT_EQ(customers->columns[1].base_type, "varchar");
  EXPECT_EQ(customers->columns[2].collation, "C");
  EXPECT_EQ(customers->columns[3].base_type, "mood");
  EXPECT_TRUE(snapshot.schema.find({"public", "scratch"})->unlogged);
  EXPECT_EQ(snapshot.schema.find({"public", "order_counts"})->kind, TableKind::kMaterializedView);
  ASSERT_EQ(snapshot.schema.views.size(), 3U);  // two are of pg_stat_statements
  EXPECT_THAT(snapshot.schema.views[0].definition, HasSubstr("status = 'open'"));
}

TEST_F(PostgresCapture, ReadsWhatAnalyzeKnows) {
  const Snapshot snapshot = capture("shop");
  const Column* status = snapshot.schema.find({"public", "orders"})->find_column("status");
  ASSERT_TRUE(status->stats);
  EXPECT_EQ(status->stats->distinct, 2);
  ASSERT_EQ(status->stats->common_values.size(), 2U);
  EXPECT_EQ(status->stats->common_values[0].value, "done");
  EXPECT_NEAR(status->stats->common_values[0].frequency, 0.9, 0.02);
  EXPECT_NEAR(status->stats->common_total, 1, 0.001);
  const Column* id = snapshot.schema.find({"public", "orders"})->find_column("id");
  EXPECT_EQ(id->stats->distinct, 20000);
  EXPECT_EQ(id->stats->histogram.size(), 101U);
  EXPECT_EQ(*id->stats->correlation, 1);
}

TEST_F(PostgresCapture, ReadsIndexesToTheLastOption) {
  const Snapshot snapshot = capture("shop");
  const Table* orders = snapshot.schema.find({"public", "orders"});
  const Index* fancy = orders->find_index("orders_fancy_idx");
  ASSERT_NE(fancy, nullptr);
  ASSERT_EQ(fancy->def.keys.size(), 2U);
  EXPECT_EQ(fancy->def.keys[0].expression, "lower(status)");
  EXPECT_TRUE(fancy->def.keys[0].is_expression);
  EXPECT_EQ(fancy->def.keys[0].opclass, "text_pattern_ops");
  EXPECT_EQ(fancy->def.keys[1].expression, "created_at");
  EXPECT_TRUE(fancy->def.keys[1].descending);
  EXPECT_FALSE(fancy->def.keys[1].nulls_first);
  EXPECT_EQ(fancy->def.keys[1].opclass, "");
  EXPECT_THAT(fancy->def.include, ElementsAre("total"));
  EXPECT_EQ(fancy->def.predicate, "total > 10::numeric");
  EXPECT_EQ(fancy->def.options.at("fillfactor"), "70");
  EXPECT_TRUE(fancy->expression_stats);
  EXPECT_EQ(fancy->scans, 0);
  EXPECT_GT(fancy->size.count, 0);
  EXPECT_EQ(orders->find_index("orders_collated_idx")->def.keys[0].collation, "C");
  EXPECT_EQ(orders->find_index("orders_pkey")->constraint, ConstraintKind::kPrimaryKey);
  EXPECT_FALSE(orders->find_index("orders_pkey")->referenced);

  const Table* customers = snapshot.schema.find({"public", "customers"});
  EXPECT_TRUE(customers->find_index("customers_pkey")->referenced);
  EXPECT_EQ(customers->find_index("one_email")->constraint, ConstraintKind::kUnique);
  EXPECT_EQ(customers->find_index("customers_email_idx")->constraint, ConstraintKind::kNone);
  EXPECT_TRUE(customers->find_index("customers_email_idx")->def.unique);
}

TEST_F(PostgresCapture, PartitionsAddUpToTheirParent) {
  const Snapshot snapshot = capture("shop");
  const Table* events = snapshot.schema.find({"public", "events"});
  EXPECT_EQ(events->kind, TableKind::kPartitioned);
  EXPECT_EQ(events->partition_key, "RANGE (at)");
  EXPECT_THAT(events->partition_columns, ElementsAre("at"));
  EXPECT_EQ(events->partitions, 2);
  EXPECT_EQ(events->rows->count, 3000);
  EXPECT_EQ(events->counters->inserts, 3000);
  EXPECT_GT(events->size.count, 0);
  EXPECT_TRUE(events->find_column("at")->stats);  // of the parent, which the workload names
  const Table* leaf = snapshot.schema.find({"public", "events_new_1"});
  EXPECT_EQ(leaf->partition_of->table, "events_new");
  EXPECT_EQ(snapshot.schema.root_of(*leaf).name.table, "events");
  EXPECT_EQ(leaf->indexes[0].parent_index, "events_new_at_idx");
}

TEST_F(PostgresCapture, ReadsKeysSequencesAndStatisticsObjects) {
  const Snapshot snapshot = capture("shop");
  ASSERT_EQ(snapshot.schema.foreign_keys.size(), 1U);
  const ForeignKey& key = snapshot.schema.foreign_keys[0];
  EXPECT_THAT(key.columns, ElementsAre("customer_id"));
  EXPECT_EQ(key.parent.table, "customers");
  EXPECT_THAT(key.parent_columns, ElementsAre("id"));
  EXPECT_EQ(key.on_delete, 'c');
  ASSERT_EQ(snapshot.schema.sequences.size(), 2U);
  const Sequence& orders = snapshot.schema.sequences[1];
  EXPECT_EQ(orders.name, "orders_id_seq");
  EXPECT_EQ(orders.data_type, "integer");
  EXPECT_EQ(orders.last_value, 20000);
  EXPECT_EQ(orders.max_value, 2147483647);
  EXPECT_EQ(orders.owner->table, "orders");
  EXPECT_EQ(orders.owner_column, "id");
  EXPECT_EQ(orders.owner_type, "int4");
  EXPECT_EQ(snapshot.schema.sequences[0].owner_column, "id");
  ASSERT_EQ(snapshot.schema.statistics.size(), 1U);
  EXPECT_EQ(snapshot.schema.statistics[0].kinds, "df");
  EXPECT_THAT(snapshot.schema.statistics[0].columns, ElementsAre("customer_id", "status"));
}

TEST_F(PostgresCapture, ReadsTheServersState) {
  const Snapshot snapshot = capture("shop");
  EXPECT_EQ(snapshot.setting("block_size"), 8192);
  EXPECT_EQ(snapshot.setting("track_io_timing"), 1);
  EXPECT_EQ(snapshot.setting("statement_timeout"), 0);  // the server's, not planwise's own
  ASSERT_TRUE(snapshot.database);
  EXPECT_GT(snapshot.database->commits, 0);
  ASSERT_TRUE(snapshot.schema.counters);
  EXPECT_GT(snapshot.schema.counters->length(), Millis(0));
}

TEST_F(PostgresCapture, MergesStatementsByShapeAndLeavesItsOwnOut) {
  server_->create_database("load");
  server_->sql("CREATE TABLE t (a int, b text)", "load");
  server_->sql("SELECT pg_stat_statements_reset()", "load");
  for (int i = 0; i < 3; ++i) {
    server_->sql("SELECT * FROM t WHERE a IN (1, 2)", "load");
    server_->sql("SELECT * FROM t WHERE a IN (1, 2, 3)", "load");
  }
  capture("load");
  const Snapshot snapshot = capture("load");
  const auto found = std::ranges::find_if(snapshot.workload.statements, [](const Statement& statement) {
    return statement.query.find("FROM t WHERE a IN") != std::string::npos;
  });
  ASSERT_NE(found, snapshot.workload.statements.end());
  EXPECT_EQ(found->stats.calls, 6);
  EXPECT_EQ(found->engine_ids.size(), 2U);
  EXPECT_EQ(found->user, "postgres");
  EXPECT_TRUE(found->stats.io_time);
  EXPECT_EQ(found->stats.planning_time, std::nullopt);  // track_planning is off
  EXPECT_EQ(snapshot.workload.kind, WindowKind::kSinceReset);
  for (const Statement& statement : snapshot.workload.statements) {
    EXPECT_THAT(statement.query, Not(HasSubstr("pg_class")));
    EXPECT_THAT(statement.query, Not(HasSubstr("set_config")));
  }
  EXPECT_GE(snapshot.workload.total_calls, 7);
}

TEST_F(PostgresCapture, AWindowCountsOnlyWhatHappenedInIt) {
  server_->create_database("window");
  server_->sql("CREATE TABLE early (a int); SELECT * FROM early", "window");
  server_->sql("SELECT pg_sleep(0.01)", "window");
  Session session = open("window");
  CaptureOptions options;
  options.window = 1s;
  bool ran = false;
  options.progress = [&](double, std::string_view step) {
    if (!ran && step.find("watching") != std::string_view::npos) {
      ran = true;
      server_->sql("SELECT 1 + 1 AS late", "window");
    }
  };
  const auto snapshot = capture_catalog(session, options);
  ASSERT_TRUE(snapshot);
  ASSERT_TRUE(ran);
  EXPECT_EQ(snapshot->workload.kind, WindowKind::kInterval);
  EXPECT_GE(snapshot->workload.window.length(), Millis(1000));
  ASSERT_EQ(snapshot->workload.statements.size(), 1U);
  EXPECT_THAT(snapshot->workload.statements[0].query, HasSubstr("late"));
  EXPECT_EQ(snapshot->workload.statements[0].stats.calls, 1);
}

TEST_F(PostgresCapture, ABareRoleGetsGapsWithTheGrantsThatCloseThem) {
  server_->sql("SELECT count(*) FROM orders", "shop");
  const Snapshot snapshot = capture("shop", "bare");
  const auto gap = [&](std::string_view what) {
    return std::ranges::find_if(snapshot.gaps,
                                [&](const Gap& one) { return one.what.find(what) != std::string::npos; });
  };
  for (const char* what :
       {"statements and sessions of other roles", "settings", "column statistics", "sequences"}) {
    ASSERT_NE(gap(what), snapshot.gaps.end()) << what;
    EXPECT_FALSE(gap(what)->remedy_sql.empty()) << what;
  }
  EXPECT_EQ(snapshot.gaps.size(), 4U) << testing::PrintToString(whats(snapshot));
  EXPECT_TRUE(snapshot.workload.statements.empty());
  EXPECT_GT(snapshot.workload.total_calls, 0);
  EXPECT_NE(snapshot.schema.find({"public", "orders"}), nullptr);

  server_->create_role("mended");
  for (const Gap& one : snapshot.gaps) {
    for (std::string sql : one.remedy_sql) {
      sql.replace(sql.find("TO bare"), 7, "TO mended");
      server_->sql(sql);
    }
  }
  EXPECT_THAT(whats(capture("shop", "mended")), IsEmpty());
}

TEST_F(PostgresCapture, AnEmptyDatabaseHasNothingAndNoGap) {
  server_->create_database("empty");
  const Snapshot snapshot = capture("empty");
  EXPECT_THAT(snapshot.schema.tables, IsEmpty());
  EXPECT_THAT(whats(snapshot), IsEmpty());
}

TEST_F(PostgresCapture, TheMissingExtensionIsAGapWithItsCure) {
  server_->sql("CREATE DATABASE plain");
  const Snapshot snapshot = capture("plain");
  ASSERT_EQ(snapshot.gaps.size(), 1U);
  EXPECT_EQ(snapshot.gaps[0].what, "pg_stat_statements");
  EXPECT_THAT(snapshot.gaps[0].remedy_sql, ElementsAre("CREATE EXTENSION pg_stat_statements"));
}

TEST_F(PostgresCapture, AnOldExtensionIsReadAndTold) {
  server_->sql("CREATE DATABASE old");
  server_->sql("CREATE EXTENSION pg_stat_statements VERSION '1.7'; CREATE TABLE t (a int)", "old");
  server_->sql("SELECT a FROM t", "old");
  const Snapshot snapshot = capture("old");
  ASSERT_EQ(snapshot.gaps.size(), 2U) << testing::PrintToString(whats(snapshot));
  EXPECT_THAT(snapshot.gaps[0].what, HasSubstr("age of the statement counters"));
  EXPECT_THAT(snapshot.gaps[1].remedy_sql, ElementsAre("ALTER EXTENSION pg_stat_statements UPDATE"));
  const auto& statements = snapshot.workload.statements;
  EXPECT_TRUE(
      std::ranges::any_of(statements, [](const Statement& one) { return one.query == "SELECT a FROM t"; }));
}

TEST_F(PostgresCapture, AnExtensionInASchemaOfItsOwnIsFound) {
  server_->sql("CREATE DATABASE elsewhere");
  server_->sql("CREATE SCHEMA \"Stats %s\"; CREATE EXTENSION pg_stat_statements SCHEMA \"Stats %s\"",
               "elsewhere");
  server_->sql("SELECT 42 AS answer", "elsewhere");
  const Snapshot snapshot = capture("elsewhere");
  EXPECT_THAT(whats(snapshot), IsEmpty());
  EXPECT_THAT(snapshot.workload.statements, Not(IsEmpty()));
}

TEST_F(PostgresCapture, HostileNamesComeThroughUnchanged) {
  const std::string name = "it's \"odd\" 100%";
  server_->create_database(name);
  server_->sql(R"(CREATE SCHEMA "Füße; --"; CREATE TABLE "Füße; --"."say ""hi"" %s" (
                 "a b" int PRIMARY KEY, "c,d" text, "{e}" text, "数" text, "back\slash" int);
                 CREATE INDEX "idx ""1""" ON "Füße; --"."say ""hi"" %s" ("c,d", "{e}") INCLUDE ("back\slash");
                 INSERT INTO "Füße; --"."say ""hi"" %s" SELECT i, 'x', 'y', 'z', i FROM generate_series(1, 100) AS i)",
               name);
  server_->sql("ANALYZE", name);
  server_->sql(R"(SELECT "a b" FROM "Füße; --"."say ""hi"" %s" WHERE "c,d" = 'x')", name);
  Session session = open(name);
  const auto snapshot = capture_catalog(session, {});
  ASSERT_TRUE(snapshot);
  EXPECT_THAT(whats(*snapshot), IsEmpty());
  const Table* table = snapshot->schema.find({"Füße; --", "say \"hi\" %s"});
  ASSERT_NE(table, nullptr);
  const Index* index = table->find_index("idx \"1\"");
  ASSERT_NE(index, nullptr);
  EXPECT_EQ(index->def.keys[0].expression, "c,d");
  EXPECT_EQ(index->def.keys[1].expression, "{e}");
  EXPECT_THAT(index->def.include, ElementsAre("back\\slash"));
  EXPECT_EQ(table->columns[3].name, "数");
}

TEST_F(PostgresCapture, TextsWithoutAnEncodingAreMadeValid) {
  const test::PostgresServer server;
  server.create_role("planwise", "IN ROLE pg_monitor, pg_read_all_data");
  server.create_database("clean");
  server.sql("CREATE DATABASE bytes ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0");
  server.sql("CREATE EXTENSION pg_stat_statements; CREATE TABLE t (\"caf\xE9\" text)", "bytes");
  server.sql("INSERT INTO t SELECT 'caf\xE9' FROM generate_series(1, 10000); ANALYZE t", "bytes");
  server.sql("SELECT \"caf\xE9\" FROM t", "bytes");
  const auto read = [&](std::string_view database) {
    auto session = Session::open(server.dsn(database, "planwise"), {}, steady_clock::now() + 10s);
    return *capture_catalog(*session, {});
  };
  const Snapshot snapshot = read("bytes");
  EXPECT_THAT(whats(snapshot), IsEmpty());
  const Table* table = snapshot.schema.find({"public", "t"});
  EXPECT_EQ(table->columns[0].name, "caf\xEF\xBF\xBD");
  EXPECT_EQ(table->columns[0].stats->common_values[0].value, "caf\xEF\xBF\xBD");

  // Such a text keeps the extension from handing out any text in a database that has an encoding.
  const Snapshot neighbour = read("clean");
  ASSERT_EQ(neighbour.gaps.size(), 1U);
  EXPECT_THAT(neighbour.gaps[0].why, HasSubstr("no valid text"));
  server.sql(neighbour.gaps[0].remedy_sql[0], "clean");
  EXPECT_THAT(whats(read("clean")), IsEmpty());
}

TEST_F(PostgresCapture, AStatementOfAMegabyteIsOneOfItsShape) {
  server_->create_database("long");
  server_->sql("CREATE TABLE t (a int)", "long");
  std::string values = "1";
  while (values.size() < (1U << 20U)) {
    values += ", " + std::to_string(values.size());
  }
  server_->sql("SELECT * FROM t WHERE a IN (" + values + ")", "long");
  server_->sql("SELECT * FROM t WHERE a IN (1, 2)", "long");
  const Snapshot snapshot = capture("long");
  const auto found = std::ranges::find_if(snapshot.workload.statements, [](const Statement& statement) {
    return statement.query.find("FROM t WHERE a IN") != std::string::npos;
  });
  ASSERT_NE(found, snapshot.workload.statements.end());
  EXPECT_LE(found->query.size(), 64U * 1024);
  EXPECT_EQ(found->stats.calls, 2);
}

TEST_F(PostgresCapture, ALockedTableIsLeftOutAndTold) {
  server_->create_database("locked");
  server_->sql(
      "CREATE TABLE t (a int PRIMARY KEY, b int); CREATE INDEX ON t (lower(b::text)) WHERE b > 0; CREATE "
      "TABLE free (a int)",
      "locked");
  SessionOptions options;
  options.allow_privileged = true;
  Session holder = open("locked", "postgres", options);
  ASSERT_TRUE(holder.query("BEGIN READ WRITE"));
  ASSERT_TRUE(holder.query("LOCK TABLE public.t IN ACCESS EXCLUSIVE MODE"));
  const Snapshot snapshot = capture("locked");
  ASSERT_EQ(snapshot.gaps.size(), 1U) << testing::PrintToString(whats(snapshot));
  EXPECT_THAT(snapshot.gaps[0].why, HasSubstr("exclusive lock on public.t"));
  EXPECT_EQ(snapshot.schema.find({"public", "t"}), nullptr);
  EXPECT_NE(snapshot.schema.find({"public", "free"}), nullptr);
}

TEST_F(PostgresCapture, RowSecurityIsAGapOfItsOwn) {
  server_->create_database("secure");
  server_->sql(
      "CREATE TABLE t (a int); ALTER TABLE t ENABLE ROW LEVEL SECURITY; INSERT INTO t SELECT "
      "generate_series(1, 60000); ANALYZE t",
      "secure");
  const Snapshot snapshot = capture("secure");
  ASSERT_EQ(snapshot.gaps.size(), 1U) << testing::PrintToString(whats(snapshot));
  EXPECT_THAT(snapshot.gaps[0].why, HasSubstr("row security"));
}

TEST_F(PostgresCapture, WhatFailsIsAGapAndTheRestGoesOn) {
  int queries = 0;
  SessionOptions counting;
  counting.intercept = [&](std::string_view) -> std::optional<Error> {
    ++queries;
    return std::nullopt;
  };
  {
    Session session = open("shop", "planwise", counting);
    queries = 0;
    ASSERT_TRUE(capture_catalog(session, {}));
  }
  const int all = queries;
  ASSERT_GT(all, 12);
  for (int failing = 1; failing <= all; ++failing) {
    int at = -1000;
    SessionOptions options;
    options.intercept = [&](std::string_view) -> std::optional<Error> {
      return ++at == failing ? std::optional(Error{ErrorCode::kUnavailable, "made to fail"}) : std::nullopt;
    };
    Session session = open("shop", "planwise", options);
    at = 0;
    const auto snapshot = capture_catalog(session, {});
    if (failing == 1) {
      EXPECT_FALSE(snapshot);
      continue;
    }
    ASSERT_TRUE(snapshot) << failing;
    EXPECT_TRUE(snapshot->gaps.size() <= 2) << failing << testing::PrintToString(whats(*snapshot));
  }
}

TEST_F(PostgresCapture, TheBudgetEndsItWithWhatIsThere) {
  Session session = open("shop");
  session.set_deadline(steady_clock::now() + 10s);
  CaptureOptions options;
  options.progress = [&](double, std::string_view step) {
    if (step == "reading indexes") {
      session.set_deadline(steady_clock::now());
    }
  };
  const auto snapshot = capture_catalog(session, options);
  ASSERT_TRUE(snapshot);
  EXPECT_FALSE(snapshot->schema.tables.empty());
  EXPECT_THAT(snapshot->gaps, Contains(Field(&Gap::why, HasSubstr("time budget"))));
}

TEST_F(PostgresCapture, AServerThatStopsInTheMiddleEndsAtTheDeadline) {
  test::PostgresServer server;
  server.create_database("shop");
  server.create_role("planwise", "IN ROLE pg_monitor");
  auto session = Session::open(server.dsn("shop", "planwise"), {}, steady_clock::now() + 10s);
  ASSERT_TRUE(session);
  const auto start = steady_clock::now();
  session->set_deadline(start + 1500ms);
  CaptureOptions options;
  options.progress = [&](double, std::string_view step) {
    if (step == "reading columns") {
      server.pause();
    }
  };
  const auto snapshot = capture_catalog(*session, options);
  ASSERT_TRUE(snapshot);
  EXPECT_LT(steady_clock::now() - start, 3s);
  EXPECT_FALSE(snapshot->gaps.empty());
}

TEST_F(PostgresCapture, AStandbyIsReadLikeAnyOther) {
  const test::PostgresServer standby = server_->standby();
  auto session = Session::open(standby.dsn("shop", "planwise"), {}, steady_clock::now() + 10s);
  ASSERT_TRUE(session) << session.error().message;
  const auto snapshot = capture_catalog(*session, {});
  ASSERT_TRUE(snapshot);
  EXPECT_TRUE(snapshot->server.is_replica);
  EXPECT_THAT(whats(*snapshot), IsEmpty());
  EXPECT_EQ(snapshot->server.system_identifier,
            server_->value("SELECT system_identifier FROM pg_control_system()"));
}

TEST_F(PostgresCapture, TwentyThousandTablesAreReadInTime) {
  test::PostgresServer server({.settings = {"max_locks_per_transaction = 2000", "autovacuum = off"}});
  server.create_database("wide");
  server.create_role("planwise", "IN ROLE pg_monitor, pg_read_all_data");
  for (int batch = 0; batch < 20; ++batch) {
    server.sql(
        "DO $$ BEGIN FOR i IN 1..1000 LOOP EXECUTE format('CREATE TABLE t_%s_%s (id int PRIMARY KEY, a text, "
        "b "
        "int)', " +
            std::to_string(batch) + ", i); END LOOP; END $$",
        "wide");
  }
  auto session = Session::open(server.dsn("wide", "planwise"), {}, steady_clock::now() + 10s);
  ASSERT_TRUE(session);
  const auto start = steady_clock::now();
  const auto snapshot = capture_catalog(*session, {});
  ASSERT_TRUE(snapshot);
  RecordProperty("capture_ms", static_cast<int>((steady_clock::now() - start) / 1ms));
  EXPECT_LT(steady_clock::now() - start, 40s);
  EXPECT_EQ(snapshot->schema.tables.size(), 20000U);
  EXPECT_EQ(snapshot->schema.tables[0].columns.size(), 3U);
  EXPECT_EQ(snapshot->schema.tables[0].indexes.size(), 1U);
  EXPECT_THAT(whats(*snapshot), IsEmpty());
}

}  // namespace
}  // namespace planwise::pg
