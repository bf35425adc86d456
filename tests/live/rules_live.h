// The fixture of the rules' live tests: one server, and shops in it with a problem planted.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "tests/live/planted_database.h"

namespace planwise {

class RulesLive : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    if (test::PostgresServer::available()) {
      server_ = std::make_unique<test::PostgresServer>(test::PostgresServerOptions{
          .settings = {"autovacuum=off", "pg_stat_statements.track_utility=off", "jit=off"}});
    }
  }
  static void TearDownTestSuite() { server_.reset(); }
  void SetUp() override {
    if (server_ == nullptr) {
      GTEST_SKIP() << "PostgreSQL 15 is not installed";
    }
  }

  static test::PlantedDatabase database(const std::string& name) { return {*server_, name}; }

  // 200,000 orders of 2,000 customers, in the order of time; 400,000 items.
  static test::PlantedDatabase shop(const std::string& name) {
    test::PlantedDatabase made = database(name);
    made.run(
        "CREATE TABLE customers (id bigint PRIMARY KEY, email varchar(200) NOT NULL, code char(12), city "
        "text);"
        "INSERT INTO customers SELECT i, 'C' || i || '@shop.example', 'K' || i, 'city ' || i % 50 "
        "FROM generate_series(1, 20000) i;"
        "CREATE INDEX customers_email_idx ON customers (email);"
        "CREATE INDEX customers_code_idx ON customers (code);"
        "CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint, status text NOT NULL, note text, "
        "total numeric(12,2), created_at timestamp NOT NULL);"
        "INSERT INTO orders SELECT i, 1 + i % 20000, CASE WHEN i % 50 = 0 THEN 'open' ELSE 'done' END, "
        "md5(i::text), i % 997, timestamp '2025-01-01' + i * interval '1 minute' FROM generate_series(1, "
        "200000) i;"
        "CREATE TABLE flags (name text PRIMARY KEY, value text);"
        "INSERT INTO flags SELECT 'flag ' || i, 'on' FROM generate_series(1, 40) i");
    made.run("VACUUM ANALYZE");
    made.reset_counters();
    return made;
  }

  static void follow(const test::PlantedDatabase& database, const Recommendation& recommendation) {
    for (const std::string& sql : recommendation.finding.action.sql) {
      database.run(sql);
    }
  }

  static inline std::unique_ptr<test::PostgresServer> server_;
};

}  // namespace planwise
