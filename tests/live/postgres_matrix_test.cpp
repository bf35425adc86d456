// Capture on every supported major version. Servers come from .ci/postgres-matrix; a version that is not
// installed is skipped, and CTest says so.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>

#include "connectors/connector.h"
#include "connectors/postgres/privileges.h"
#include "tests/support/postgres_server.h"
#include "tests/support/postgres_versions.h"

namespace planwise::pg {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class PostgresMatrix : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    test::PostgresServerOptions options;
    options.bin_dir = GetParam();
    server_ = std::make_unique<test::PostgresServer>(options);
    major_ = std::stoi(server_->value("SHOW server_version_num")) / 10000;
    server_->create_database("shop");
    server_->sql(R"(
      CREATE TABLE customers (id bigint PRIMARY KEY, email text NOT NULL UNIQUE);
      CREATE TABLE orders (id bigserial PRIMARY KEY, customer_id bigint REFERENCES customers, status text, total int);
      CREATE INDEX orders_open_idx ON orders (status, total DESC) INCLUDE (customer_id) WHERE status <> 'done';
      CREATE TABLE events (id bigint, at date NOT NULL) PARTITION BY RANGE (at);
      CREATE TABLE events_1 PARTITION OF events FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
      CREATE STATISTICS orders_ext (dependencies) ON status, total FROM orders;
      CREATE VIEW open_orders AS SELECT * FROM orders WHERE status = 'open';
      INSERT INTO customers SELECT i, 'c' || i FROM generate_series(1, 500) AS i;
      INSERT INTO orders (customer_id, status, total)
        SELECT i % 500 + 1, CASE WHEN i % 10 = 0 THEN 'open' ELSE 'done' END, i % 100 FROM generate_series(1, 20000) AS i;
      INSERT INTO events SELECT i, date '2020-01-01' + i % 300 FROM generate_series(1, 1000) AS i;
      ANALYZE;)",
                 "shop");
    server_->await("SELECT n_tup_ins = 20000 FROM pg_stat_user_tables WHERE relname = 'orders'", "shop");
    server_->sql("SELECT pg_stat_statements_reset()", "shop");
    server_->sql("SELECT * FROM orders WHERE customer_id = 7", "shop");
    server_->sql("SELECT count(*) FROM events WHERE at = date '2020-02-01'", "shop");
  }

  [[nodiscard]] Snapshot capture(const std::string& role) const {
    auto connector = open_target(server_->dsn("shop", role), {});
    EXPECT_TRUE(connector) << connector.error().message;
    auto snapshot = (*connector)->capture({});
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
  // Those that have nothing to do with the role: plans have tests of their own, and HypoPG is not created
  // here.
  static std::vector<std::string> about_the_role(const Snapshot& snapshot) {
    auto out = whats(snapshot);
    std::erase_if(out, [](const std::string& gap) {
      return gap.starts_with("age of the statement counters") || gap.starts_with("plan of a statement") ||
             gap.starts_with("HypoPG");
    });
    return out;
  }

  std::unique_ptr<test::PostgresServer> server_;
  int major_ = 0;
};

TEST_P(PostgresMatrix, TheLeastPrivilegedRoleSeesEverySubject) {
  for (const std::string& sql : least_privilege_sql("planwise", "shop", {.version = {major_, 0, 0}})) {
    server_->sql(sql, "shop");
  }
  const Snapshot snapshot = capture("planwise");
  EXPECT_THAT(about_the_role(snapshot), IsEmpty());
  EXPECT_EQ(snapshot.server.version.major, major_);
  EXPECT_FALSE(snapshot.server.system_identifier.empty());
  EXPECT_FALSE(snapshot.settings.empty());
  EXPECT_TRUE(snapshot.database);
  EXPECT_TRUE(snapshot.schema.counters);

  const Table* orders = snapshot.schema.find({"public", "orders"});
  ASSERT_NE(orders, nullptr);
  EXPECT_EQ(orders->rows->count, 20000);
  EXPECT_EQ(orders->counters->inserts, 20000);
  EXPECT_TRUE(orders->find_column("status")->stats);
  const Index* index = orders->find_index("orders_open_idx");
  ASSERT_NE(index, nullptr);
  EXPECT_EQ(index->def.keys.size(), 2U);
  EXPECT_TRUE(index->def.keys[1].descending);
  EXPECT_TRUE(index->def.keys[1].nulls_first);
  EXPECT_EQ(index->def.include.size(), 1U);
  EXPECT_EQ(index->scans, 0);
  EXPECT_EQ(snapshot.schema.find({"public", "events"})->rows->count, 1000);
  EXPECT_EQ(snapshot.schema.foreign_keys.size(), 1U);
  ASSERT_EQ(snapshot.schema.sequences.size(), 1U);
  EXPECT_EQ(snapshot.schema.sequences[0].last_value, 20000);
  EXPECT_EQ(snapshot.schema.statistics.size(), 1U);
  EXPECT_THAT(snapshot.schema.search_path, testing::Contains("public"));

  const auto found = std::ranges::find_if(snapshot.workload.statements, [](const Statement& statement) {
    return statement.query.find("FROM orders WHERE customer_id") != std::string::npos;
  });
  ASSERT_NE(found, snapshot.workload.statements.end());
  EXPECT_EQ(found->stats.calls, 1);
  EXPECT_EQ(found->stats.rows, 40);
  EXPECT_TRUE(found->stats.io_time);
  EXPECT_EQ(found->stats.wal.has_value(), major_ >= 13);
  EXPECT_EQ(found->stats.jit_time.has_value(), major_ >= 15);
  ASSERT_NE(snapshot.plan_of(found->id), nullptr);
  for (const Statement& statement : snapshot.workload.statements) {
    EXPECT_THAT(statement.query, Not(HasSubstr("pg_class")));
  }
}

TEST_P(PostgresMatrix, ABareRoleGetsTheDocumentedGaps) {
  server_->create_role("bare");
  const Snapshot snapshot = capture("bare");
  for (const char* what :
       {"statements and sessions of other roles", "settings reserved", "last value of 1 sequences"}) {
    EXPECT_THAT(whats(snapshot), testing::Contains(HasSubstr(what)));
  }
  EXPECT_NE(snapshot.schema.find({"public", "orders"}), nullptr);
  EXPECT_EQ(snapshot.schema.find({"public", "orders"})->indexes.size(), 2U);
}

INSTANTIATE_TEST_SUITE_P(Majors, PostgresMatrix, testing::ValuesIn(test::postgres_bin_dirs()),
                         [](const auto& version) { return test::version_name(version.param); });

}  // namespace
}  // namespace planwise::pg
