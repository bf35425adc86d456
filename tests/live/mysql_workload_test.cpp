// What the server counts and what it does not: resets, prepared statements, full tables, missing rights.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <thread>

#include "analyzer/audit.h"
#include "connectors/connector.h"
#include "tests/live/mysql_capture.h"

namespace planwise::mysql {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using testing::Not;

const Gap* gap_about(const Snapshot& snapshot, std::string_view what) {
  for (const Gap& gap : snapshot.gaps) {
    if (gap.what.find(what) != std::string::npos) {
      return &gap;
    }
  }
  return nullptr;
}

class MySqlWorkload : public MySqlCapture {
 protected:
  static void SetUpTestSuite() {
    server_ = std::make_unique<test::MySqlServer>(test::MySqlServerOptions{
        .settings = {"performance-schema-digests-size=50", "performance-schema-max-digest-length=100",
                     "max-digest-length=100"}});
    server_->sql("CREATE DATABASE shop");
    server_->script(kShop, "shop");
    make_account(*server_, {"shop"}, {.engine = Engine::kMariaDb, .version = {10, 11, 0}});
    server_->sql("CREATE USER 'bare'@'%'");
    server_->sql("GRANT SELECT ON shop.* TO 'bare'@'%'");
  }
  void SetUp() override {
    server_->sql("TRUNCATE TABLE performance_schema.events_statements_summary_by_digest");
    server_->sql("TRUNCATE TABLE performance_schema.events_statements_summary_global_by_event_name");
  }

  // Captures a window in which `work` runs, between its two readings.
  static Snapshot capture_during(const std::function<void()>& work) {
    std::thread worker([&] {
      std::this_thread::sleep_for(700ms);
      work();
    });
    Snapshot snapshot = capture("shop", "planwise", {.window = 3s});
    worker.join();
    return snapshot;
  }
};

TEST_F(MySqlWorkload, AWindowHoldsWhatHappenedInIt) {
  const test::MySqlClient client = server_->client("shop");
  for (int i = 0; i < 5; ++i) {
    client.sql("SELECT id FROM orders WHERE id = " + std::to_string(i));
  }
  const Snapshot snapshot = capture_during([&] {
    for (int i = 0; i < 3; ++i) {
      client.sql("SELECT id FROM orders WHERE id = " + std::to_string(i));
    }
    client.sql("SELECT name FROM customers WHERE id = 1");
  });
  EXPECT_EQ(snapshot.workload.kind, WindowKind::kInterval);
  ASSERT_NE(statement_with(snapshot, "orders"), nullptr);
  EXPECT_EQ(statement_with(snapshot, "orders")->stats.calls, 3);
  EXPECT_EQ(statement_with(snapshot, "customers")->stats.calls, 1);
  EXPECT_EQ(snapshot.workload.total_calls, 4);
  EXPECT_EQ(gap_about(snapshot, "statements of the window"), nullptr);
}

TEST_F(MySqlWorkload, ATruncateBetweenTheReadingsIsTold) {
  const test::MySqlClient client = server_->client("shop");
  for (int i = 0; i < 5; ++i) {
    client.sql("SELECT id FROM orders WHERE id = " + std::to_string(i));
  }
  std::this_thread::sleep_for(1100ms);  // FIRST_SEEN counts seconds
  const Snapshot snapshot = capture_during([&] {
    server_->sql("TRUNCATE TABLE performance_schema.events_statements_summary_by_digest");
    client.sql("SELECT id FROM orders WHERE id = 1");
  });
  EXPECT_EQ(snapshot.workload.kind, WindowKind::kSinceReset);
  EXPECT_NE(gap_about(snapshot, "statements of the window"), nullptr);
  EXPECT_EQ(statement_with(snapshot, "orders")->stats.calls, 1);
}

TEST_F(MySqlWorkload, ARestartBetweenTheReadingsIsTold) {
  {
    const test::MySqlClient client = server_->client("shop");
    for (int i = 0; i < 5; ++i) {
      client.sql("SELECT id FROM orders WHERE id = " + std::to_string(i));
    }
  }
  Snapshot snapshot;
  std::thread reader([&] { snapshot = capture("shop", "planwise", {.window = 10s}); });
  std::this_thread::sleep_for(1500ms);
  server_->stop();
  server_->start();  // not in the other thread: a child of it would end with it
  server_->sql("SELECT id FROM orders WHERE id = 1", "shop");
  reader.join();
  EXPECT_EQ(snapshot.workload.kind, WindowKind::kSinceReset);
  EXPECT_NE(gap_about(snapshot, "statements of the window"), nullptr)
      << testing::PrintToString(whats(snapshot));
  ASSERT_NE(statement_with(snapshot, "orders"), nullptr);
  EXPECT_EQ(statement_with(snapshot, "orders")->stats.calls, 1);
  EXPECT_EQ(snapshot.schema.tables.size(), 4U);
}

TEST_F(MySqlWorkload, TheShareOfPreparedStatementsIsTold) {
  const Snapshot snapshot = capture_during([] {
    const test::MySqlClient text = server_->client("shop");
    for (int i = 0; i < 30; ++i) {
      text.sql("SELECT id FROM orders WHERE id = " + std::to_string(i));
    }
    test::MySqlClient prepared = server_->client("shop");
    prepared.execute_prepared("SELECT total FROM orders WHERE id = ?", 70, 1);
  });
  const Gap* gap = gap_about(snapshot, "prepared statements");
  ASSERT_NE(gap, nullptr);
  EXPECT_THAT(gap->why, HasSubstr("(70 of "));
  EXPECT_THAT(gap->remedy, HasSubstr("slow log"));
  EXPECT_EQ(statement_with(snapshot, "total"), nullptr);
  EXPECT_EQ(statement_with(snapshot, "orders")->stats.calls, 30);
}

TEST_F(MySqlWorkload, OpenPreparedStatementsAreRead) {
  test::MySqlClient prepared = server_->client("shop");
  prepared.execute_prepared("SELECT note FROM orders WHERE customer_id = ?", 5, 1);
  const Snapshot uncounted = capture("shop");
  EXPECT_EQ(statement_with(uncounted, "note"), nullptr);
  const Gap* gap = gap_about(uncounted, "prepared statements");
  ASSERT_NE(gap, nullptr);
  server_->sql(gap->remedy_sql.at(0));  // MariaDB does not count them as it comes
  prepared.execute_prepared("SELECT note FROM orders WHERE customer_id = ?", 25, 1);
  const Snapshot snapshot = capture("shop");
  server_->sql(
      "UPDATE performance_schema.setup_consumers SET ENABLED = 'NO' WHERE NAME = "
      "'events_statements_current'");
  const Statement* statement = statement_with(snapshot, "note");
  ASSERT_NE(statement, nullptr);
  EXPECT_EQ(statement->stats.calls, 25);
  EXPECT_EQ(statement->stats.rows, 25 * 20);
  EXPECT_EQ(statement->stats.rows_examined, 25 * 20);
  EXPECT_EQ(statement->schema, "shop");
}

TEST_F(MySqlWorkload, SilentWhereNothingIsPrepared) {
  const Snapshot snapshot = capture_during([] {
    const test::MySqlClient text = server_->client("shop");
    for (int i = 0; i < 30; ++i) {
      text.sql("SELECT id FROM orders WHERE id = " + std::to_string(i));
    }
  });
  EXPECT_EQ(gap_about(snapshot, "prepared statements"), nullptr);
}

TEST_F(MySqlWorkload, AFullDigestTableAndCutTextsAreTold) {
  const test::MySqlClient client = server_->client("shop");
  std::string columns = "id";
  for (int i = 0; i < 80; ++i) {
    columns += ", id + total";
    client.sql("SELECT " + columns + " FROM orders WHERE id = 1");
    client.sql("SELECT id AS c" + std::to_string(i) + " FROM orders WHERE id = 1");
  }
  const Snapshot snapshot = capture("shop");
  const Gap* full = gap_about(snapshot, "rare statements");
  ASSERT_NE(full, nullptr);
  EXPECT_THAT(full->remedy, HasSubstr("performance_schema_digests_size"));
  const Gap* cut = gap_about(snapshot, "text of");
  ASSERT_NE(cut, nullptr);
  EXPECT_THAT(cut->why, HasSubstr("first 100 bytes"));
  std::int64_t listed = 0;
  for (const Statement& statement : snapshot.workload.statements) {
    listed += statement.stats.calls;
  }
  EXPECT_GT(snapshot.workload.total_calls, listed);  // the rest is in the totals
}

TEST_F(MySqlWorkload, EachMissingRightIsAGapWithItsGrant) {
  const Snapshot snapshot = capture("shop", "bare");
  EXPECT_EQ(snapshot.schema.tables.size(), 4U);
  std::vector<std::string> remedies;
  for (const Gap& gap : snapshot.gaps) {
    remedies.insert(remedies.end(), gap.remedy_sql.begin(), gap.remedy_sql.end());
  }
  EXPECT_THAT(remedies, Contains("GRANT SELECT ON performance_schema.* TO 'bare'@'%'"));
  EXPECT_THAT(remedies, Contains("GRANT SELECT ON mysql.innodb_table_stats TO 'bare'@'%'"));
  EXPECT_THAT(remedies, Contains("GRANT SELECT ON mysql.innodb_index_stats TO 'bare'@'%'"));
  EXPECT_THAT(remedies, Contains("GRANT PROCESS ON *.* TO 'bare'@'%'"));
  server_->sql("CREATE USER 'mended'@'%'");
  for (std::string sql : remedies) {
    const std::size_t at = sql.find("'bare'");
    ASSERT_NE(at, std::string::npos);
    server_->sql(sql.replace(at, 6, "'mended'"));
  }
  server_->sql("GRANT SELECT, SHOW VIEW ON shop.* TO 'mended'@'%'");
  EXPECT_THAT(whats(capture("shop", "mended")), ElementsAre());
}

TEST_F(MySqlWorkload, SwitchedOffConsumersAreTold) {
  server_->sql(
      "UPDATE performance_schema.setup_consumers SET ENABLED = 'NO' WHERE NAME = 'statements_digest'");
  server_->sql(
      "UPDATE performance_schema.setup_instruments SET ENABLED = 'NO' WHERE NAME = "
      "'wait/io/table/sql/handler'");
  const Snapshot snapshot = capture("shop");
  const Gap* digests = gap_about(snapshot, "statement digests");
  const Gap* usage = gap_about(snapshot, "use of indexes");
  ASSERT_NE(digests, nullptr);
  ASSERT_NE(usage, nullptr);
  EXPECT_EQ(snapshot.schema.tables[0].indexes[0].scans, std::nullopt);
  server_->sql(digests->remedy_sql.at(0));
  server_->sql(usage->remedy_sql.at(0));
  const Snapshot mended = capture("shop");
  EXPECT_EQ(gap_about(mended, "statement digests"), nullptr);
  EXPECT_EQ(gap_about(mended, "use of indexes"), nullptr);
}

// MariaDB as it is out of the box, with what can be switched on without a restart.
class MySqlWithoutPerformanceSchema : public MySqlCapture {
 protected:
  static void SetUpTestSuite() {
    server_ =
        std::make_unique<test::MySqlServer>(test::MySqlServerOptions{.settings = {"performance-schema=OFF"}});
    server_->sql("CREATE DATABASE shop");
    server_->script(kShop, "shop");
    make_account(*server_, {"shop"}, {.engine = Engine::kMariaDb, .version = {10, 11, 0}});
  }
};

TEST_F(MySqlWithoutPerformanceSchema, SaysWhatToSwitchOn) {
  const Snapshot snapshot = capture("shop");
  EXPECT_TRUE(snapshot.workload.statements.empty());
  const Gap* gap = gap_about(snapshot, "statement digests");
  ASSERT_NE(gap, nullptr);
  EXPECT_THAT(gap->remedy, HasSubstr("performance_schema=ON"));
  ASSERT_NE(gap_about(snapshot, "use of indexes"), nullptr);
  EXPECT_EQ(gap_about(snapshot, "use of indexes")->remedy_sql.at(0), "SET GLOBAL userstat = ON");
  EXPECT_EQ(snapshot.schema.tables.size(), 4U);
}

TEST_F(MySqlWithoutPerformanceSchema, UserstatCountsTheUseOfIndexes) {
  server_->sql("SET GLOBAL userstat = ON");
  server_->sql("SELECT count(note) FROM orders FORCE INDEX (idx_customer) WHERE customer_id IN (3, 4)",
               "shop");
  const Snapshot snapshot = capture("shop");
  server_->sql("SET GLOBAL userstat = OFF");
  const Table* orders = snapshot.schema.find({"shop", "orders"});
  EXPECT_EQ(orders->find_index("idx_customer")->scans, 40);
  EXPECT_EQ(orders->find_index("idx_total")->scans, 0);
  EXPECT_EQ(gap_about(snapshot, "use of indexes"), nullptr);
}

TEST_F(MySqlWithoutPerformanceSchema, TheSlowLogShowsSlowStatements) {
  server_->sql("SET GLOBAL slow_query_log = ON, GLOBAL log_output = 'TABLE', GLOBAL long_query_time = 0.05");
  {
    test::MySqlClient client = server_->client("shop");
    client.sql("SELECT SLEEP(0.1), 'secret'");
    client.sql("SELECT SLEEP(0.2), 'other'");
    client.execute_prepared("SELECT SLEEP(0.06), id FROM orders WHERE id = ?", 2, 1);
    client.sql("SELECT 1 FROM orders LIMIT 1");
  }
  const Snapshot snapshot = capture("shop");
  server_->sql("SET GLOBAL slow_query_log = OFF");
  EXPECT_EQ(snapshot.workload.kind, WindowKind::kLog);
  ASSERT_EQ(snapshot.workload.statements.size(), 2U);
  const Statement* sleep = statement_with(snapshot, "SLEEP(?), ?");
  ASSERT_NE(sleep, nullptr) << snapshot.workload.statements[0].query;
  EXPECT_EQ(sleep->stats.calls, 2);
  EXPECT_GE(sleep->stats.total_time.count(), 300);
  EXPECT_GE(sleep->stats.max_time->count(), 200);
  EXPECT_EQ(statement_with(snapshot, "orders")->stats.calls, 2);
  EXPECT_NE(gap_about(snapshot, "fast statements"), nullptr);
}

// The server that MariaDB came from.
class MySql56 : public MySqlCapture {
 protected:
  static void SetUpTestSuite() {
    if (test::MySqlServer::mysql56().empty()) {
      return;
    }
    server_ = std::make_unique<test::MySqlServer>(
        test::MySqlServerOptions{.program = test::MySqlServer::mysql56()});
    server_->sql("CREATE DATABASE shop");
    server_->script(kShop, "shop");
    make_account(*server_, {"shop"}, {.engine = Engine::kMySql, .version = {5, 6, 24}});
  }
  void SetUp() override {
    if (server_ == nullptr) {
      GTEST_SKIP() << "run .ci/mysql-matrix for MySQL 5.6";
    }
  }
};

TEST_F(MySql56, TheLeastPrivilegedAccountSeesEverything) {
  const Snapshot snapshot = capture("shop");
  EXPECT_THAT(whats(snapshot), ElementsAre());
  EXPECT_EQ(snapshot.server.engine, Engine::kMySql);
  EXPECT_EQ(snapshot.schema.tables.size(), 4U);
  const Table* customers = snapshot.schema.find({"shop", "customers"});
  EXPECT_EQ(customers->find_index("idx_city_status")->def.keys[0].prefix_length, 10);
  EXPECT_EQ(customers->find_index("idx_city_status")->distinct.front(), 10);
  EXPECT_EQ(snapshot.schema.foreign_keys.size(), 1U);
}

TEST_F(MySql56, CountsCallsRowsAndPreparedStatements) {
  const Snapshot snapshot = [] {
    std::thread worker([] {
      std::this_thread::sleep_for(700ms);
      test::MySqlClient client = server_->client("shop");
      for (int i = 0; i < 7; ++i) {
        client.sql("SELECT * FROM orders WHERE customer_id = " + std::to_string(i + 1));
      }
      client.execute_prepared("SELECT total FROM orders WHERE id = ?", 25, 1);
    });
    Snapshot taken = capture("shop", "planwise", {.window = 3s});
    worker.join();
    return taken;
  }();
  const Statement* lookup = statement_with(snapshot, "customer_id");
  ASSERT_NE(lookup, nullptr);
  EXPECT_EQ(lookup->stats.calls, 7);
  EXPECT_EQ(lookup->stats.rows, 7 * 20);
  const Gap* gap = gap_about(snapshot, "prepared statements");
  ASSERT_NE(gap, nullptr);
  EXPECT_THAT(gap->why, HasSubstr("(25 of "));
}

}  // namespace
}  // namespace planwise::mysql
