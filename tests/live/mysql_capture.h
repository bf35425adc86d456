// A server with a shop in it, for the tests that read it into a snapshot.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "connectors/mysql/capture.h"
#include "connectors/mysql/privileges.h"
#include "tests/support/mysql_server.h"

namespace planwise::mysql {

inline constexpr const char* kShop = R"(
CREATE TABLE customers (
  id int unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, email varchar(120) NOT NULL, name varchar(80), city varchar(40),
  status varchar(12) CHARACTER SET ascii, created_at datetime NOT NULL,
  UNIQUE KEY uq_email (email), KEY idx_city_status (city(10), status)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
CREATE TABLE orders (
  id int NOT NULL AUTO_INCREMENT PRIMARY KEY, customer_id int unsigned NOT NULL, status varchar(12), total int,
  note text, KEY idx_customer (customer_id), KEY idx_total (total), FULLTEXT KEY ft_note (note),
  CONSTRAINT fk_customer FOREIGN KEY (customer_id) REFERENCES customers (id) ON DELETE CASCADE)
  ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
CREATE TABLE events (id bigint, at int NOT NULL, kind int, KEY idx_at (at)) ENGINE=InnoDB
  PARTITION BY RANGE (at) (PARTITION p0 VALUES LESS THAN (100), PARTITION p1 VALUES LESS THAN MAXVALUE);
CREATE TABLE numbers (n int PRIMARY KEY);
INSERT INTO numbers VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9);
CREATE VIEW open_orders AS SELECT id, total FROM orders WHERE status = 'open';
INSERT INTO customers (email, name, city, status, created_at)
  SELECT CONCAT('c', a.n + 10 * b.n + 100 * c.n, '@example.com'), 'name', CONCAT('city', a.n), 'on', NOW()
  FROM numbers AS a, numbers AS b, numbers AS c;
INSERT INTO orders (customer_id, status, total, note)
  SELECT 1 + (a.n + 10 * b.n + 100 * c.n) % 500, IF(a.n = 0, 'open', 'done'), a.n + 10 * b.n, 'some words'
  FROM numbers AS a, numbers AS b, numbers AS c, numbers AS d;
INSERT INTO events SELECT a.n, a.n + 10 * b.n, 1 FROM numbers AS a, numbers AS b;
ANALYZE TABLE customers, orders, events, numbers;
)";

inline void make_account(const test::MySqlServer& server, const std::vector<std::string>& schemas,
                         const ServerInfo& info) {
  for (const std::string& sql : least_privilege_sql("planwise", schemas, info)) {
    server.sql(sql);
  }
  // No password: the tests are about rights.
  server.sql(info.version.major < 10 ? "SET PASSWORD FOR 'planwise'@'%' = ''"
                                     : "ALTER USER 'planwise'@'%' ACCOUNT UNLOCK");
}

inline Result<Session> open_session(const std::string& dsn, SessionOptions options = {},
                                    std::chrono::milliseconds patience = std::chrono::seconds(10)) {
  auto login = read_login(dsn, {});
  if (!login) {
    return std::move(login).error();
  }
  return Session::open(*std::move(login), std::move(options), std::chrono::steady_clock::now() + patience);
}

// The server is one for all tests of a suite; a test that changes something does so in a database of its own.
class MySqlCapture : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    server_ = std::make_unique<test::MySqlServer>();
    server_->sql("CREATE DATABASE shop");
    server_->sql("CREATE DATABASE other_place");
    server_->script(kShop, "shop");
    make_account(*server_, {"shop", "other_place"}, {.engine = Engine::kMariaDb, .version = {10, 11, 0}});
    server_->sql("CREATE USER 'bare'@'%'");
  }
  static void TearDownTestSuite() { server_.reset(); }

  static Session open(const std::string& database, const std::string& user = "planwise",
                      SessionOptions options = {}) {
    auto session = open_session(server_->dsn(database, user), std::move(options));
    EXPECT_TRUE(session) << session.error().message;
    return *std::move(session);
  }
  static Snapshot capture(const std::string& database, const std::string& user = "planwise",
                          CaptureOptions options = {}) {
    options.with_plans = false;
    Session session = open(database, user);
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
  // The statement whose text holds these words; nullptr if there is none.
  static const Statement* statement_with(const Snapshot& snapshot, std::string_view words) {
    for (const Statement& statement : snapshot.workload.statements) {
      if (statement.query.find(words) != std::string::npos) {
        return &statement;
      }
    }
    return nullptr;
  }

  static inline std::unique_ptr<test::MySqlServer> server_;
};

}  // namespace planwise::mysql
