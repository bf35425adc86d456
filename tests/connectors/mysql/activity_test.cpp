#include "connectors/mysql/activity.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "connectors/mysql/server_error.h"
#include "connectors/mysql/slow_log.h"
#include "tests/connectors/mysql/recorded.h"

namespace planwise::mysql {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

Rows sessions(const std::vector<std::array<const char*, 6>>& lines) {
  Rows rows(names_of(sessions_query()));
  for (const auto& line : lines) {
    for (const char* value : line) {
      rows.append(value == nullptr ? std::nullopt : std::optional<std::string_view>(value));
    }
  }
  return rows;
}

TEST(MySqlActivity, TellsStatesTransactionsAndBlockers) {
  Rows transactions(names_of(transactions_query()));
  for (const char* value : {"901", "RUNNING", "7", "30", "902", "LOCK WAIT", "8", "20"}) {
    transactions.append(value);
  }
  Rows waits({"waiting", "blocking"});
  waits.append("902");
  waits.append("901");
  Rows programs({"id", "program"});
  programs.append("8");
  programs.append("shop-api");
  const Activity activity = activity_of(
      sessions({{"9", "app", "Sleep", "5", "", nullptr},
                {"7", "app", "Sleep", "30", "", nullptr},
                {"8", "app", "Query", "20", "Updating", "UPDATE t SET a = 'secret'"},
                {"10", "app", "Query", "3", "Waiting for table metadata lock", "ALTER TABLE t ADD b int"},
                {"1", "system user", "Daemon", nullptr, "InnoDB purge worker", nullptr}}),
      transactions, waits, programs, Engine::kMariaDb);
  ASSERT_EQ(activity.sessions.size(), 4U);
  EXPECT_FALSE(activity.is_replica);
  EXPECT_EQ(activity.sessions[0].state, "idle in transaction");
  EXPECT_EQ(activity.sessions[0].transaction_age, Millis(30000));
  EXPECT_EQ(activity.sessions[1].state, "active");
  EXPECT_EQ(activity.sessions[1].wait_event_type, "Lock");
  EXPECT_EQ(activity.sessions[1].application, "shop-api");
  EXPECT_THAT(activity.sessions[1].blocked_by, ElementsAre(7));
  EXPECT_EQ(activity.sessions[2].state, "idle");
  EXPECT_EQ(activity.sessions[3].wait_event, "Waiting for table metadata lock");
}

TEST(MySqlActivity, AReplicaIsKnownByItsAppliers) {
  const Activity activity = activity_of(
      sessions({{"5", "system user", "Slave_IO", "9", "Waiting for master to send event", nullptr}}), Rows{},
      Rows{}, Rows{}, Engine::kMariaDb);
  EXPECT_TRUE(activity.is_replica);
  EXPECT_TRUE(activity.sessions.empty());
}

TEST(MySqlActivity, StatusBecomesCounters) {
  Rows rows({"Variable_name", "Value"});
  for (const char* value :
       {"Uptime", "100", "Innodb_buffer_pool_read_requests", "1000", "Innodb_buffer_pool_reads", "40",
        "Created_tmp_disk_tables", "3", "Ssl_cipher", "", "Com_commit", "9"}) {
    rows.append(value);
  }
  const Status status = status_of(rows, TimePoint(std::chrono::seconds(1000)));
  EXPECT_EQ(status.started_at, TimePoint(std::chrono::seconds(900)));
  EXPECT_EQ(status.counters->blocks_hit, 960);
  EXPECT_EQ(status.counters->blocks_read, 40);
  EXPECT_EQ(status.numbers.at("com_commit"), 9);
  EXPECT_FALSE(status.numbers.contains("ssl_cipher"));
}

TEST(MySqlSlowLog, EntriesOfOneStatementMerge) {
  Rows rows(names_of(slow_log_query()));
  const auto add = [&](const char* start, const char* time, const char* db, const char* text) {
    for (const char* value : {start, "app[app] @ web [10.0.0.1]", time, "500", "2", "100", "1", db, text}) {
      rows.append(value);
    }
  };
  for (int i = 0; i < 18; ++i) {
    add("5000000", "10000", "shop", "SELECT * FROM t WHERE id = 'secret'");
  }
  add("4000000", "2000000", "shop", "select * from t where id = 'other'");
  add("9000000", "1000000", "shop", "SELECT * FROM t WHERE id = 7");
  add("9000000", "1000000", "shop", "Init DB");
  add("9000000", "1000000", "elsewhere", "SELECT 2");
  add("9000000", "1000000", "mysql", "SELECT 3");
  const Workload workload = slow_workload_of(rows, "shop", Engine::kMariaDb, 10);
  ASSERT_EQ(workload.statements.size(), 1U);
  const Statement& statement = workload.statements[0];
  EXPECT_EQ(statement.stats.calls, 20);
  EXPECT_EQ(statement.stats.total_time, Millis(3180));
  EXPECT_EQ(statement.stats.max_time, Millis(2000));
  EXPECT_EQ(statement.stats.p95_time, Millis(1000));
  EXPECT_EQ(statement.stats.p99_time, Millis(2000));
  EXPECT_EQ(statement.stats.rows, 60);
  EXPECT_EQ(statement.stats.rows_examined, 2000);
  EXPECT_EQ(statement.user, "app");
  EXPECT_THAT(statement.query, Not(HasSubstr("secret")));
  EXPECT_EQ(workload.kind, WindowKind::kLog);
  EXPECT_EQ(workload.window.from, TimePoint(std::chrono::seconds(4)));
}

TEST(MySqlServerError, KeepsNamesButNoValues) {
  const Error denied = statement_error(1142, "SELECT command denied to user 'p'@'h' for table 'slow_log'");
  EXPECT_EQ(denied.code, ErrorCode::kPermissionDenied);
  EXPECT_THAT(denied.message, HasSubstr("'slow_log'"));
  const Error value = statement_error(1292, "Incorrect datetime value: 'secret'");
  EXPECT_THAT(value.message, Not(HasSubstr("secret")));
  EXPECT_TRUE(is_server_error(1045));
  EXPECT_FALSE(is_server_error(2013));
}

}  // namespace
}  // namespace planwise::mysql
