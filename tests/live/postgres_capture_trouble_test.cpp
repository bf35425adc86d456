#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/live/postgres_capture.h"

namespace planwise::pg {
namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;
using testing::Contains;
using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;

class PostgresCaptureTrouble : public PostgresCapture {};

TEST_F(PostgresCaptureTrouble, ABareRoleGetsGapsWithTheGrantsThatCloseThem) {
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

TEST_F(PostgresCaptureTrouble, AnEmptyDatabaseHasNothingAndNoGap) {
  server_->create_database("empty");
  const Snapshot snapshot = capture("empty");
  EXPECT_THAT(snapshot.schema.tables, IsEmpty());
  EXPECT_THAT(whats(snapshot), IsEmpty());
}

TEST_F(PostgresCaptureTrouble, TheMissingExtensionIsAGapWithItsCure) {
  server_->sql("CREATE DATABASE plain");
  const Snapshot snapshot = capture("plain");
  ASSERT_EQ(snapshot.gaps.size(), 1U);
  EXPECT_EQ(snapshot.gaps[0].what, "pg_stat_statements");
  EXPECT_THAT(snapshot.gaps[0].remedy_sql, ElementsAre("CREATE EXTENSION pg_stat_statements"));
}

TEST_F(PostgresCaptureTrouble, AnOldExtensionIsReadAndTold) {
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

TEST_F(PostgresCaptureTrouble, TextsWithoutAnEncodingAreMadeValid) {
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

TEST_F(PostgresCaptureTrouble, ALockedTableIsLeftOutAndTold) {
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

TEST_F(PostgresCaptureTrouble, RowSecurityIsAGapOfItsOwn) {
  server_->create_database("secure");
  server_->sql(
      "CREATE TABLE t (a int); ALTER TABLE t ENABLE ROW LEVEL SECURITY; INSERT INTO t SELECT "
      "generate_series(1, 60000); ANALYZE t",
      "secure");
  const Snapshot snapshot = capture("secure");
  ASSERT_EQ(snapshot.gaps.size(), 1U) << testing::PrintToString(whats(snapshot));
  EXPECT_THAT(snapshot.gaps[0].why, HasSubstr("row security"));
}

TEST_F(PostgresCaptureTrouble, WhatFailsIsAGapAndTheRestGoesOn) {
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
    const Table* orders = snapshot->schema.find({"public", "orders"});
    EXPECT_TRUE(orders == nullptr || (!orders->indexes.empty() && !orders->columns.empty())) << failing;
    EXPECT_TRUE(snapshot->gaps.size() <= 2) << failing << testing::PrintToString(whats(*snapshot));
  }
}

TEST_F(PostgresCaptureTrouble, TheBudgetEndsItWithWhatIsThere) {
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
  EXPECT_TRUE(snapshot->schema.tables.empty());  // without their indexes they would look as if they had none
  EXPECT_FALSE(snapshot->workload.statements.empty());
  EXPECT_THAT(snapshot->gaps, Contains(Field(&Gap::why, HasSubstr("time budget"))));
}

TEST_F(PostgresCaptureTrouble, AServerThatStopsInTheMiddleEndsAtTheDeadline) {
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

}  // namespace
}  // namespace planwise::pg
