#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>

#include "connectors/postgres/privileges.h"
#include "connectors/postgres/server_error.h"
#include "connectors/postgres/session.h"
#include "tests/support/postgres_server.h"

namespace planwise::pg {
namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;
using testing::HasSubstr;

class PostgresSession : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    server_ = new test::PostgresServer(
        {.settings = {"max_connections = 12"}, .auth = "scram-sha-256", .tcp = true});
    server_->sql("CREATE ROLE planwise LOGIN PASSWORD 'right'");
  }
  static void TearDownTestSuite() { delete server_; }

  static std::string dsn(const std::string& password = "right") {
    return server_->tcp_dsn("postgres", "planwise") + " password=" + password;
  }
  static Session open() {
    auto session = Session::open(dsn(), {}, steady_clock::now() + 10s);
    EXPECT_TRUE(session) << session.error().message;
    return *std::move(session);
  }
  static Error refused(const std::string& dsn) {
    const auto session = Session::open(dsn, {}, steady_clock::now() + 5s);
    return session ? Error{ErrorCode::kInternal, "connected"} : session.error();
  }

  static test::PostgresServer* server_;
};
test::PostgresServer* PostgresSession::server_ = nullptr;

TEST_F(PostgresSession, LearnsWhoAnswers) {
  const Session session = open();
  EXPECT_EQ(session.server().version.major, 15);
  EXPECT_EQ(session.server().database, "postgres");
  EXPECT_EQ(session.user(), "planwise");
  EXPECT_FALSE(session.is_pooled());
  EXPECT_FALSE(session.has(kGenericPlan));
  EXPECT_EQ(session.extension_schema("plpgsql"), "pg_catalog");
}

TEST_F(PostgresSession, BindsParametersAndReadsByName) {
  Session session = open();
  const std::vector<Parameter> parameters{"it's", std::nullopt};
  const auto rows = session.query("SELECT $1::text AS a, $2::int AS b, 3 AS c", parameters);
  ASSERT_TRUE(rows) << rows.error().message;
  EXPECT_EQ((*rows)[0].text("a"), "it's");
  EXPECT_EQ((*rows)[0].integer("b"), std::nullopt);
  EXPECT_EQ((*rows)[0].integer("c"), 3);
}

TEST_F(PostgresSession, WritesAndSecondStatementsAreRefused) {
  Session session = open();
  EXPECT_FALSE(session.query("CREATE TABLE t (a int)"));
  EXPECT_EQ(session.sqlstate(), "25006");
  EXPECT_FALSE(session.query("SELECT 1; SELECT 2"));
  EXPECT_EQ(session.sqlstate(), "42601");
  EXPECT_TRUE(session.query("SELECT 1 -- a comment at the end"));
}

TEST_F(PostgresSession, AFailureInARunSparesWhatCameBefore) {
  Session session = open();
  const std::vector<Command> commands{{"SELECT 1 AS a"}, {"SELECT 1/0"}, {"SELECT 2"}};
  const auto answers = session.run(commands);
  ASSERT_TRUE(answers);
  ASSERT_EQ(answers->size(), 3U);
  EXPECT_TRUE((*answers)[0]);
  EXPECT_FALSE((*answers)[1]);
  EXPECT_FALSE((*answers)[2]);
  EXPECT_EQ(session.sqlstate(), "22012");
  EXPECT_TRUE(session.query("SELECT 1"));
}

TEST_F(PostgresSession, TheServersOwnTimeoutLeavesItUsable) {
  SessionOptions options;
  options.statement_timeout = 100ms;
  auto session = Session::open(dsn(), options, steady_clock::now() + 10s);
  ASSERT_TRUE(session);
  const auto rows = session->query("SELECT pg_sleep(20)");
  ASSERT_FALSE(rows);
  EXPECT_EQ(rows.error().code, ErrorCode::kTimeout);
  EXPECT_EQ(session->sqlstate(), kQueryCanceled);
  EXPECT_TRUE(session->query("SELECT 1"));
}

TEST_F(PostgresSession, TheClientsDeadlineClosesItAndReopenServes) {
  Session session = open();
  const auto start = steady_clock::now();
  const auto rows = session.query("SELECT pg_sleep(20)", {}, start + 200ms);
  ASSERT_FALSE(rows);
  EXPECT_EQ(rows.error().code, ErrorCode::kTimeout);
  EXPECT_LT(steady_clock::now() - start, 1s);
  EXPECT_FALSE(session.is_open());
  EXPECT_EQ(session.query("SELECT 1").error().code, ErrorCode::kUnavailable);
  ASSERT_TRUE(session.reopen(steady_clock::now() + 5s));
  EXPECT_TRUE(session.query("SELECT 1"));
  for (int i = 0;
       i < 100 && server_->value("SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(20)%' "
                                 "AND state = 'active' AND pid <> pg_backend_pid()") != "0";
       ++i) {
    ASSERT_LT(i, 99) << "the statement was not cancelled";
    server_->sql("SELECT pg_sleep(0.05)");
  }
}

TEST_F(PostgresSession, AStoppedServerIsLeftAtTheDeadline) {
  test::PostgresServer server;
  server.create_role("planwise");
  auto session = Session::open(server.dsn("postgres", "planwise"), {}, steady_clock::now() + 10s);
  ASSERT_TRUE(session) << session.error().message;
  server.pause();
  const auto start = steady_clock::now();
  EXPECT_EQ(session->query("SELECT 1", {}, start + 300ms).error().code, ErrorCode::kTimeout);
  EXPECT_EQ(session->reopen(start + 600ms).error().code, ErrorCode::kTimeout);
  EXPECT_LT(steady_clock::now() - start, 2s);
}

TEST_F(PostgresSession, AServerGoneInTheMiddleIsTold) {
  Session session = open();
  server_->sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'planwise'");
  const auto rows = session.query("SELECT 1");
  ASSERT_FALSE(rows);
  EXPECT_EQ(rows.error().code, ErrorCode::kUnavailable);
  EXPECT_FALSE(session.is_open());
}

TEST_F(PostgresSession, LargeTextsGoBothWays) {
  Session session = open();
  const std::string text(3 << 20, 'x');
  const std::vector<Parameter> parameters{text};
  const auto rows = session.query("SELECT $1::text AS a FROM generate_series(1, 8)", parameters);
  ASSERT_TRUE(rows) << rows.error().message;
  EXPECT_EQ((*rows)[7].text("a")->size(), text.size());
}

TEST_F(PostgresSession, AnAnswerBeyondTheLimitIsGivenUp) {
  SessionOptions options;
  options.response_limit = 1 << 20;
  auto session = Session::open(dsn(), options, steady_clock::now() + 10s);
  ASSERT_TRUE(session);
  EXPECT_EQ(session->query("SELECT repeat('x', 1000) FROM generate_series(1, 1000000)").error().code,
            ErrorCode::kUnsupported);
}

TEST_F(PostgresSession, TellsWhyItCannotConnect) {
  EXPECT_THAT(refused(dsn("wrong")).message, HasSubstr("refused the password of user \"planwise\""));
  EXPECT_THAT(refused(server_->tcp_dsn("nowhere", "planwise") + " password=right").message,
              HasSubstr("no database \"nowhere\""));
  EXPECT_THAT(refused("host=127.0.0.1 port=1 user=planwise").message,
              HasSubstr("nothing listens at 127.0.0.1:1"));
  EXPECT_THAT(refused("host=/nonexistent user=planwise").message,
              HasSubstr("nothing listens at /nonexistent"));
  EXPECT_THAT(refused(server_->tcp_dsn("postgres", "planwise")).message, HasSubstr("asks for the password"));
  EXPECT_EQ(refused("host=127.0.0.1 port=x").code, ErrorCode::kUnavailable);
  EXPECT_EQ(refused("host=").code, ErrorCode::kUnavailable);
}

TEST_F(PostgresSession, ATooFullServerIsTold) {
  std::vector<Session> taken;
  for (int i = 0; i < 12; ++i) {
    if (auto session = Session::open(dsn(), {}, steady_clock::now() + 5s); session) {
      taken.push_back(*std::move(session));
    } else {
      EXPECT_THAT(session.error().message, HasSubstr("no connection left"));
      EXPECT_EQ(session.error().code, ErrorCode::kUnavailable);
      return;
    }
  }
  FAIL() << "never full";
}

TEST_F(PostgresSession, PrivilegedLoginsAreRefusedUnlessAllowed) {
  const auto superuser = Session::open(server_->dsn(), {}, steady_clock::now() + 5s);
  ASSERT_FALSE(superuser);
  EXPECT_EQ(superuser.error().code, ErrorCode::kPermissionDenied);
  EXPECT_THAT(superuser.error().message, HasSubstr("\"postgres\" is privileged (superuser)"));
  EXPECT_THAT(superuser.error().hint, HasSubstr("GRANT pg_monitor TO planwise"));

  server_->sql(
      "CREATE ROLE admin CREATEROLE; CREATE ROLE indirect LOGIN PASSWORD 'x' NOINHERIT IN ROLE admin");
  EXPECT_THAT(refused(server_->tcp_dsn("postgres", "indirect") + " password=x").message,
              HasSubstr("(CREATEROLE)"));
  server_->sql("CREATE ROLE reader LOGIN PASSWORD 'x' IN ROLE pg_read_server_files");
  EXPECT_THAT(refused(server_->tcp_dsn("postgres", "reader") + " password=x").message,
              HasSubstr("(pg_read_server_files)"));

  SessionOptions options;
  options.allow_privileged = true;
  EXPECT_TRUE(Session::open(server_->dsn(), options, steady_clock::now() + 5s));
}

TEST_F(PostgresSession, TheRoleOfTheHintIsNotPrivileged) {
  for (const int major : {15, 13}) {
    const std::string role = "planwise_" + std::to_string(major);
    for (const std::string& sql : least_privilege_sql(role, "postgres", {.version = {major, 0, 0}})) {
      server_->sql(sql);
    }
    server_->sql("ALTER ROLE " + role + " PASSWORD 'x'");
    const auto session =
        Session::open(server_->tcp_dsn("postgres", role) + " password=x", {}, steady_clock::now() + 5s);
    EXPECT_TRUE(session) << session.error().message;
  }
}

TEST_F(PostgresSession, ItsStatementsAreNotCountedWhereItMaySaySo) {
  const auto counted = [](const std::string& role) {
    server_->sql("SELECT pg_stat_statements_reset()");
    auto session =
        Session::open(server_->tcp_dsn("postgres", role) + " password=x", {}, steady_clock::now() + 5s);
    EXPECT_TRUE(session && session->query("SELECT 4711 AS probe"));
    return server_->value("SELECT count(*) FROM pg_stat_statements WHERE query LIKE '%probe%'");
  };
  server_->sql("CREATE EXTENSION IF NOT EXISTS pg_stat_statements");
  server_->sql("CREATE ROLE counted LOGIN PASSWORD 'x'; CREATE ROLE quiet LOGIN PASSWORD 'x'");
  server_->sql("GRANT SET ON PARAMETER pg_stat_statements.track TO quiet");
  EXPECT_EQ(counted("counted"), "1");
  EXPECT_EQ(counted("quiet"), "0");
}

}  // namespace
}  // namespace planwise::pg
