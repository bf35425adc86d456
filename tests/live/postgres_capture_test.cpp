#include "tests/live/postgres_capture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace planwise::pg {
namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

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

TEST_F(PostgresCapture, ReadsHowManyElementsRowsHold) {
  server_->create_database("elements");
  server_->sql("CREATE TABLE notes (tags int[], words tsvector)", "elements");
  server_->sql(
      "INSERT INTO notes SELECT ARRAY[1, i % 4 + 2], to_tsvector('simple', 'all w' || i % 5) "
      "FROM generate_series(1, 1000) AS i",
      "elements");
  server_->sql("ANALYZE notes", "elements");
  const Snapshot snapshot = capture("elements");
  const Table* notes = snapshot.schema.find({"public", "notes"});
  const ColumnStats& tags = *notes->find_column("tags")->stats;
  EXPECT_EQ(tags.elements_per_row, 2);
  ASSERT_EQ(tags.element_frequencies.size(), 5U);
  EXPECT_EQ(tags.element_frequencies.front(), 1);
  EXPECT_NEAR(tags.element_frequencies.back(), 0.25, 0.001);
  const ColumnStats& words = *notes->find_column("words")->stats;
  EXPECT_EQ(words.elements_per_row, std::nullopt);
  ASSERT_EQ(words.element_frequencies.size(), 6U);
  EXPECT_NEAR(words.element_frequencies.back(), 0.2, 0.001);
  EXPECT_EQ(snapshot.server.extension_schemas.at("pg_stat_statements"), "public");
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
