// A server with a shop in it, for the tests that read it into a snapshot.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "connectors/postgres/capture.h"
#include "connectors/postgres/privileges.h"
#include "tests/support/postgres_server.h"

namespace planwise::pg {

inline constexpr const char* kShop = R"(
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

// The server is one for all tests of a suite; a test that changes something does so in a database of its own.
class PostgresCapture : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    server_ = std::make_unique<test::PostgresServer>();
    for (const std::string& sql : least_privilege_sql("planwise", "postgres", {.version = {15, 0, 0}})) {
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
    auto session = Session::open(server_->dsn(database, role), std::move(options),
                                 std::chrono::steady_clock::now() + std::chrono::seconds(10));
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

  static inline std::unique_ptr<test::PostgresServer> server_;
};

}  // namespace planwise::pg
