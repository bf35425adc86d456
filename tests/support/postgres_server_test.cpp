#include "tests/support/postgres_server.h"

#include <gtest/gtest.h>

#include <stdexcept>

namespace planwise::test {
namespace {

TEST(PostgresServer, RunsStatementsAndCountsThem) {
  const PostgresServer server;
  server.create_database("shop");
  server.sql("CREATE TABLE t (a int); INSERT INTO t VALUES (1), (2)", "shop");
  EXPECT_EQ(server.value("SELECT sum(a) FROM t", "shop"), "3");
  EXPECT_EQ(server.value("SELECT calls FROM pg_stat_statements WHERE query LIKE 'SELECT sum(a)%'", "shop"),
            "1");
  EXPECT_THROW(server.sql("SELECT no_such_column"), std::runtime_error);
}

TEST(PostgresServer, LeavesNothingBehind) {
  std::filesystem::path folder;
  pid_t pid = 0;
  {
    const PostgresServer server;
    folder = server.socket_dir();
    pid = server.pid();
  }
  EXPECT_FALSE(std::filesystem::exists(folder));
  EXPECT_FALSE(std::filesystem::exists("/proc/" + std::to_string(pid)));
}

TEST(PostgresServer, ComesBackAfterACrash) {
  PostgresServer server;
  server.sql("CREATE TABLE t (a int)");
  server.kill();
  EXPECT_THROW(server.sql("SELECT 1"), std::runtime_error);
  server.start();
  EXPECT_EQ(server.value("SELECT count(*) FROM t"), "0");
}

TEST(PostgresServer, AsksForPasswordsWhereTold) {
  const PostgresServer server({.auth = "scram-sha-256", .tcp = true});
  server.create_role("app", "PASSWORD 'secret'");
  EXPECT_THROW(server.sql("SELECT 1", "postgres", "app"), std::runtime_error);
  EXPECT_EQ(server.value("SELECT 1"), "1");
}

TEST(PostgresServer, AStandbyFollows) {
  const PostgresServer primary;
  primary.sql("CREATE TABLE t AS SELECT 42 AS a");
  const PostgresServer standby = primary.standby();
  EXPECT_EQ(standby.value("SELECT a FROM t"), "42");
  EXPECT_EQ(standby.value("SELECT pg_is_in_recovery()"), "t");
}

}  // namespace
}  // namespace planwise::test
