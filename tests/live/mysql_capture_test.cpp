#include "tests/live/mysql_capture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace planwise::mysql {
namespace {

using namespace std::chrono_literals;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

TEST_F(MySqlCapture, TheLeastPrivilegedAccountSeesEverything) {
  EXPECT_THAT(whats(capture("shop")), IsEmpty());
}

TEST_F(MySqlCapture, ReadsTablesAndColumns) {
  const Snapshot snapshot = capture("shop");
  EXPECT_EQ(snapshot.server.engine, Engine::kMariaDb);
  EXPECT_EQ(snapshot.server.version.major, 10);
  EXPECT_EQ(snapshot.server.database, "shop");
  EXPECT_FALSE(snapshot.server.is_replica);
  EXPECT_THAT(snapshot.schema.search_path, ElementsAre("shop"));
  ASSERT_EQ(snapshot.schema.tables.size(), 4U);

  const Table* customers = snapshot.schema.find({"shop", "customers"});
  ASSERT_NE(customers, nullptr);
  EXPECT_NEAR(customers->rows->count, 1000, 50);
  EXPECT_GT(customers->size.count, 16384);
  EXPECT_EQ(customers->options.at("engine"), "InnoDB");
  ASSERT_EQ(customers->columns.size(), 6U);
  EXPECT_EQ(customers->columns[0].type, "int(10) unsigned");
  EXPECT_EQ(customers->columns[0].base_type, "int");
  EXPECT_TRUE(customers->columns[0].is_identity);
  EXPECT_TRUE(customers->columns[0].not_null);
  EXPECT_FALSE(customers->columns[2].not_null);
  EXPECT_THAT(customers->columns[1].collation, HasSubstr("utf8mb4"));
  EXPECT_THAT(customers->columns[4].collation, HasSubstr("ascii"));
  EXPECT_TRUE(customers->counters->last_analyze);

  const Table* events = snapshot.schema.find({"shop", "events"});
  EXPECT_EQ(events->partitions, 2);
  EXPECT_EQ(events->partition_key, "RANGE (`at`)");
  ASSERT_EQ(snapshot.schema.views.size(), 1U);
  EXPECT_THAT(snapshot.schema.views[0].definition, HasSubstr("'open'"));
}

TEST_F(MySqlCapture, ReadsIndexesToTheLastOption) {
  server_->sql("CREATE DATABASE IF NOT EXISTS other_place");
  server_->sql(
      "CREATE TABLE fancy (a int, b varchar(50), c int, KEY descending (a, c DESC), KEY hidden (c) IGNORED)",
      "other_place");
  const Snapshot snapshot = capture("other_place");
  const Table* fancy = snapshot.schema.find({"other_place", "fancy"});
  ASSERT_NE(fancy, nullptr);
  EXPECT_FALSE(fancy->find_index("hidden")->visible);
  EXPECT_TRUE(fancy->find_index("descending")->visible);
  EXPECT_TRUE(fancy->find_index("descending")->def.keys[1].descending);
  EXPECT_EQ(fancy->find_index("descending")->definition,
            "CREATE INDEX descending ON other_place.fancy (a, c DESC)");
  server_->sql("DROP TABLE fancy", "other_place");

  const Snapshot shop = capture("shop");
  const Table* customers = shop.schema.find({"shop", "customers"});
  const Index* primary = customers->find_index("PRIMARY");
  EXPECT_EQ(primary->constraint, ConstraintKind::kPrimaryKey);
  EXPECT_TRUE(primary->referenced);
  EXPECT_EQ(primary->definition, "ALTER TABLE shop.customers ADD PRIMARY KEY (id)");
  EXPECT_EQ(customers->find_index("uq_email")->constraint, ConstraintKind::kUnique);
  const Index* city = customers->find_index("idx_city_status");
  ASSERT_EQ(city->def.keys.size(), 2U);
  EXPECT_EQ(city->def.keys[0].prefix_length, 10);
  EXPECT_EQ(city->def.keys[1].prefix_length, std::nullopt);
  EXPECT_GE(city->size.count, 16384);
  EXPECT_THAT(city->distinct, ElementsAre(10, 10));
  EXPECT_EQ(shop.schema.find({"shop", "orders"})->find_index("ft_note")->def.method, IndexMethod::kFullText);
}

TEST_F(MySqlCapture, ReadsForeignKeysAndAutoIncrement) {
  const Snapshot snapshot = capture("shop");
  ASSERT_EQ(snapshot.schema.foreign_keys.size(), 1U);
  const ForeignKey& key = snapshot.schema.foreign_keys[0];
  EXPECT_EQ(key.name, "fk_customer");
  EXPECT_THAT(key.columns, ElementsAre("customer_id"));
  EXPECT_EQ(key.parent, (TableName{"shop", "customers"}));
  EXPECT_THAT(key.parent_columns, ElementsAre("id"));
  EXPECT_EQ(key.on_delete, 'c');
  ASSERT_EQ(snapshot.schema.sequences.size(), 2U);
  const Sequence& sequence = snapshot.schema.sequences[0];
  EXPECT_EQ(sequence.owner, (TableName{"shop", "customers"}));
  EXPECT_EQ(sequence.owner_column, "id");
  EXPECT_EQ(sequence.max_value, 4294967295);
  EXPECT_GE(*sequence.last_value, 1000);
  EXPECT_EQ(snapshot.schema.sequences[1].max_value, 2147483647);
}

TEST_F(MySqlCapture, CountsCallsRowsAndTimeOfEachDigest) {
  server_->sql("TRUNCATE TABLE performance_schema.events_statements_summary_by_digest");
  {
    const test::MySqlClient client = server_->client("shop");
    for (int i = 0; i < 7; ++i) {
      client.sql("SELECT * FROM orders WHERE customer_id = " + std::to_string(i + 1));
    }
    client.sql("SELECT count(*) FROM orders WHERE status = 'open'");
    client.sql("UPDATE orders SET total = total + 1 WHERE id < 11");
  }
  const Snapshot snapshot = capture("shop");
  const Statement* lookup = statement_with(snapshot, "customer_id");
  ASSERT_NE(lookup, nullptr);
  EXPECT_EQ(lookup->stats.calls, 7);
  EXPECT_EQ(lookup->stats.rows, 7 * 20);
  EXPECT_EQ(lookup->stats.rows_examined, 7 * 20);
  EXPECT_EQ(lookup->stats.full_scans, 0);
  EXPECT_EQ(lookup->schema, "shop");
  EXPECT_GT(lookup->stats.total_time.count(), 0);
  EXPECT_LE(*lookup->stats.min_time, *lookup->stats.max_time);
  const Statement* scan = statement_with(snapshot, "COUNT");
  ASSERT_NE(scan, nullptr);
  EXPECT_EQ(scan->stats.rows_examined, 10000);
  EXPECT_EQ(scan->stats.full_scans, 1);
  EXPECT_EQ(scan->stats.no_index_used, 1);
  EXPECT_EQ(statement_with(snapshot, "UPDATE")->stats.rows, 10);
  EXPECT_EQ(snapshot.workload.kind, WindowKind::kSinceReset);
  EXPECT_EQ(snapshot.workload.total_statements, 3);
  EXPECT_EQ(snapshot.workload.total_calls, 9);
}

TEST_F(MySqlCapture, LeavesItsOwnStatementsAndOtherDatabasesOut) {
  capture("shop");
  server_->sql("SELECT 'elsewhere' FROM (SELECT 1) AS one_row", "other_place");
  server_->sql("SELECT id + 2 FROM shop.customers LIMIT 1");  // no default database, but names the schema
  const Snapshot snapshot = capture("shop");
  for (const Statement& statement : snapshot.workload.statements) {
    EXPECT_THAT(statement.query, Not(HasSubstr("performance_schema"))) << statement.schema;
    EXPECT_THAT(statement.query, Not(HasSubstr("one_row")));
  }
  EXPECT_NE(statement_with(snapshot, "LIMIT"), nullptr);
  EXPECT_NE(statement_with(capture(""), "one_row"), nullptr);
}

TEST_F(MySqlCapture, CountsTheUseOfIndexes) {
  server_->sql("TRUNCATE TABLE performance_schema.table_io_waits_summary_by_index_usage");
  server_->sql(
      "SELECT count(*) FROM orders FORCE INDEX (idx_customer) WHERE customer_id IN (3, 4) AND note <> ''",
      "shop");
  server_->sql("SELECT count(*) FROM orders WHERE note = 'x'", "shop");
  const Snapshot snapshot = capture("shop");
  const Table* orders = snapshot.schema.find({"shop", "orders"});
  EXPECT_EQ(orders->find_index("idx_customer")->rows_read, 40);
  EXPECT_EQ(orders->find_index("idx_total")->scans, 0);
  EXPECT_GE(orders->counters->sequential_rows_read, 10000);
  ASSERT_TRUE(snapshot.schema.counters);
  EXPECT_LT(snapshot.schema.counters->from, snapshot.schema.counters->to);
}

TEST_F(MySqlCapture, ReadsSettingsAndStatus) {
  const Snapshot snapshot = capture("shop");
  EXPECT_EQ(snapshot.setting("performance_schema"), 1);
  EXPECT_EQ(snapshot.setting("innodb_buffer_pool_size"), 32 << 20);
  EXPECT_FALSE(snapshot.settings.contains("datadir"));
  EXPECT_EQ(snapshot.settings.at("sql_mode").value.find("STRICT"), 0U);  // the server's, not planwise's
  EXPECT_EQ(snapshot.settings.at("innodb_buffer_pool_size").source, "command-line");
  EXPECT_TRUE(snapshot.status.contains("uptime"));  // 0 in its first second
  EXPECT_GT(snapshot.database->blocks_hit, 0);
  ASSERT_TRUE(snapshot.server.started_at);
  EXPECT_LT(*snapshot.server.started_at, snapshot.taken_at);
}

TEST_F(MySqlCapture, TellsWhoWaitsForWhom) {
  server_->sql("CREATE TABLE locks (id int PRIMARY KEY, v int)", "other_place");
  server_->sql("INSERT INTO locks VALUES (1, 1)", "other_place");
  const test::MySqlClient holder = server_->client("other_place");
  holder.sql("BEGIN");
  holder.sql("UPDATE locks SET v = 2 WHERE id = 1");
  const std::string holder_id = holder.sql("SELECT CONNECTION_ID()")[0][0];
  std::thread waiter([] {
    const test::MySqlClient client = server_->client("other_place");
    client.sql("UPDATE locks SET v = 3 WHERE id = 1");
  });
  const auto deadline = std::chrono::steady_clock::now() + 20s;
  while (server_->value("SELECT count(*) FROM information_schema.INNODB_TRX WHERE trx_state = 'LOCK WAIT'") ==
             "0" &&
         std::chrono::steady_clock::now() < deadline) {
    std::this_thread::sleep_for(300ms);  // who looks more often than each 100 ms is shown what it saw before
  }
  const Snapshot snapshot = capture("other_place");
  holder.sql("ROLLBACK");
  waiter.join();
  const auto waiting = std::ranges::find(snapshot.sessions, "Lock", &planwise::Session::wait_event_type);
  ASSERT_NE(waiting, snapshot.sessions.end());
  EXPECT_EQ(waiting->wait_event, "row lock");
  EXPECT_THAT(waiting->blocked_by, ElementsAre(std::stoll(holder_id)));
  EXPECT_TRUE(waiting->statement);
  const auto holding = std::ranges::find(snapshot.sessions, std::stoll(holder_id), &planwise::Session::pid);
  ASSERT_NE(holding, snapshot.sessions.end());
  EXPECT_EQ(holding->state, "idle in transaction");
  EXPECT_TRUE(holding->transaction_age);
  server_->sql("DROP TABLE locks", "other_place");
}

}  // namespace
}  // namespace planwise::mysql
