// Each rule against a real server: a planted problem is found, its twin is not, and following the advice
// silences it.
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "tests/live/planted_database.h"

namespace planwise {
namespace {

using test::PlantedDatabase;
using test::said;
using test::summary;

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

  static PlantedDatabase database(const std::string& name) { return {*server_, name}; }

  // 200,000 orders of 2,000 customers, in the order of time; 400,000 items.
  static PlantedDatabase shop(const std::string& name) {
    PlantedDatabase made = database(name);
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

  static void follow(const PlantedDatabase& database, const Recommendation& recommendation) {
    for (const std::string& sql : recommendation.finding.action.sql) {
      database.run(sql);
    }
  }

  static inline std::unique_ptr<test::PostgresServer> server_;
};

TEST_F(RulesLive, MissingIndex) {
  const PlantedDatabase db = shop("missing_index");
  db.repeat(40, "SELECT * FROM orders WHERE customer_id = #");
  db.repeat(40, "SELECT * FROM flags WHERE value = 'v#'");
  const AuditReport report = db.audit();
  const auto found = said(report, "missing-index", "public.orders");
  ASSERT_EQ(found.size(), 1U) << summary(report);
  EXPECT_EQ(found[0]->finding.confidence, Confidence::kConfirmed);
  EXPECT_TRUE(said(report, "missing-index", "public.flags").empty()) << summary(report);
  EXPECT_TRUE(said(report, "seq-scan", "public.orders").empty()) << "the proposal speaks for the scan";
  follow(db, *found[0]);
  EXPECT_TRUE(said(db.audit(), "missing-index", "public.orders").empty());
}

TEST_F(RulesLive, SeqScan) {
  const PlantedDatabase db = shop("seq_scan");
  db.repeat(40, "SELECT id FROM orders WHERE total * 2 + 1 = #.5");
  db.repeat(40, "SELECT sum(total) FROM orders WHERE status <> 'open#'");
  const AuditReport report = db.audit();
  const auto found = said(report, "seq-scan", "public.orders");
  ASSERT_EQ(found.size(), 1U) << summary(report);
  EXPECT_EQ(found[0]->finding.statements.size(), 1U);
}

TEST_F(RulesLive, MissingForeignKeyIndex) {
  const PlantedDatabase db = shop("missing_fk_index");
  db.run(
      "ALTER TABLE orders ADD CONSTRAINT orders_customer_fk FOREIGN KEY (customer_id) REFERENCES customers "
      "(id);"
      "CREATE TABLE notes (order_id bigint REFERENCES orders (id), no int, PRIMARY KEY (order_id, no));"
      "INSERT INTO notes SELECT i, 1 FROM generate_series(10, 19999) i; ANALYZE notes;"
      "DELETE FROM orders WHERE customer_id = 7; DELETE FROM customers WHERE id = 7");
  const AuditReport report = db.audit();
  const auto found = said(report, "missing-fk-index", "public.orders");
  ASSERT_EQ(found.size(), 1U) << summary(report);
  EXPECT_TRUE(said(report, "missing-fk-index", "public.notes").empty()) << "the primary key begins with it";
  follow(db, *found[0]);
  EXPECT_TRUE(said(db.audit(), "missing-fk-index").empty());
}

TEST_F(RulesLive, NonSargablePredicate) {
  const PlantedDatabase db = shop("non_sargable");
  db.repeat(40, "SELECT * FROM customers WHERE lower(email) = 'c#@shop.example'");
  db.repeat(40, "SELECT * FROM customers WHERE email = lower('C#@SHOP.example')");
  const AuditReport report = db.audit();
  const auto found = said(report, "non-sargable-predicate", "public.customers.email");
  const auto merged = said(report, "non-sargable-predicate");
  ASSERT_EQ(merged.size(), 1U) << summary(report);
  follow(db, *merged[0]);
  EXPECT_TRUE(said(db.audit(), "non-sargable-predicate").empty());
  EXPECT_LE(found.size(), 1U);
}

TEST_F(RulesLive, ImplicitConversion) {
  const PlantedDatabase db = shop("implicit_conversion");
  db.repeat(40, "SELECT * FROM orders WHERE id = #::numeric");
  const AuditReport report = db.audit();
  const auto found = said(report, "implicit-conversion", "public.orders.id");
  ASSERT_EQ(found.size(), 1U) << summary(report);
  db.reset_counters();
  db.repeat(40, "SELECT * FROM orders WHERE id = #::bigint");
  db.repeat(40, "SELECT * FROM orders WHERE total = #::integer");
  db.repeat(40, "SELECT * FROM customers WHERE email = 'c#'::text");
  const AuditReport after = db.audit();
  EXPECT_TRUE(said(after, "implicit-conversion").empty()) << summary(after);
}

TEST_F(RulesLive, LeadingWildcard) {
  const PlantedDatabase db = shop("leading_wildcard");
  db.repeat(20, "SELECT id FROM orders WHERE note LIKE '%ab#c%'");
  const AuditReport report = db.audit();
  const auto found = said(report, "leading-wildcard", "public.orders");
  ASSERT_EQ(found.size(), 1U) << summary(report);
  follow(db, *found[0]);
  EXPECT_TRUE(said(db.audit(), "leading-wildcard").empty());
}

TEST_F(RulesLive, LeadingWildcardIsSilentForAPrefixAnIndexServes) {
  const PlantedDatabase db = shop("prefix");
  db.run("CREATE INDEX orders_note_idx ON orders (note text_pattern_ops); ANALYZE orders");
  db.reset_counters();
  db.repeat(20, "SELECT id FROM orders WHERE note LIKE 'ab#%'");
  const AuditReport report = db.audit();
  EXPECT_TRUE(said(report, "leading-wildcard").empty()) << summary(report);
}

TEST_F(RulesLive, InefficientIndex) {
  const PlantedDatabase db = shop("inefficient_index");
  db.run(
      "ALTER TABLE orders ADD COLUMN region int; UPDATE orders SET region = id % 20; "
      "CREATE INDEX orders_region_idx ON orders (region)");
  db.run("VACUUM ANALYZE orders");
  db.reset_counters();
  db.repeat(40, "SELECT * FROM orders WHERE region = # AND note = 'n#'");
  const AuditReport report = db.audit();
  const auto found = said(report, "inefficient-index");
  ASSERT_EQ(found.size(), 1U) << summary(report);
  follow(db, *found[0]);
  const AuditReport after = db.audit();
  EXPECT_TRUE(said(after, "inefficient-index").empty()) << summary(after);
}

TEST_F(RulesLive, SortWithoutIndex) {
  const PlantedDatabase db = shop("sort_without_index");
  db.repeat(40, "SELECT id, total FROM orders ORDER BY created_at DESC LIMIT 10");
  db.repeat(40, "SELECT * FROM flags ORDER BY value LIMIT 3");
  const AuditReport report = db.audit();
  const auto found = said(report, "sort-without-index", "public.orders");
  ASSERT_EQ(found.size(), 1U) << summary(report);
  EXPECT_EQ(said(report, "sort-without-index").size(), 1U) << summary(report);
  follow(db, *found[0]);
  EXPECT_TRUE(said(db.audit(), "sort-without-index").empty());
}

TEST_F(RulesLive, DeepOffset) {
  const PlantedDatabase db = shop("deep_offset");
  db.repeat(20, "SELECT id, total FROM orders ORDER BY id LIMIT 20 OFFSET 15#000");
  const AuditReport report = db.audit();
  EXPECT_EQ(said(report, "deep-offset").size(), 1U) << summary(report);
  db.reset_counters();
  db.repeat(20, "SELECT id, total FROM orders ORDER BY id LIMIT 20 OFFSET 1#");
  const AuditReport twin = db.audit();
  EXPECT_TRUE(said(twin, "deep-offset").empty()) << summary(twin);
}

TEST_F(RulesLive, UnboundedResult) {
  const PlantedDatabase db = shop("unbounded_result");
  db.repeat(5, "SELECT id, total + # FROM orders WHERE status = 'done'");
  db.repeat(5, "SELECT id, note FROM orders WHERE status = 'done' ORDER BY id LIMIT 1#000");
  const AuditReport report = db.audit();
  EXPECT_EQ(said(report, "unbounded-result").size(), 1U) << summary(report);
}

TEST_F(RulesLive, CartesianJoin) {
  const PlantedDatabase db = shop("cartesian_join");
  db.run(
      "CREATE TABLE a AS SELECT i AS x FROM generate_series(1, 3000) i; CREATE TABLE b AS TABLE a; ANALYZE "
      "a, b");
  db.reset_counters();
  db.repeat(2, "SELECT count(*) FROM a, b");
  db.repeat(2, "SELECT count(*) FROM a, customers c WHERE c.id = #");
  db.repeat(2, "SELECT count(*) FROM a JOIN b ON a.x = b.x WHERE a.x > -#");
  const AuditReport report = db.audit();
  const auto found = said(report, "cartesian-join");
  ASSERT_EQ(found.size(), 1U) << summary(report);
  EXPECT_EQ(said(report, "cartesian-join", "public.b").size(), 1U) << summary(report);
}

TEST_F(RulesLive, NotInNullable) {
  const PlantedDatabase db = shop("not_in_nullable");
  db.repeat(3, "SELECT * FROM customers WHERE id > # AND id NOT IN (SELECT customer_id FROM orders)");
  db.repeat(3, "SELECT * FROM customers WHERE id > # AND id NOT IN (SELECT id FROM orders)");
  const AuditReport report = db.audit();
  EXPECT_EQ(said(report, "not-in-nullable").size(), 1U) << summary(report);
  db.run("ALTER TABLE orders ALTER COLUMN customer_id SET NOT NULL");
  EXPECT_TRUE(said(db.audit(), "not-in-nullable").empty());
}

TEST_F(RulesLive, CorrelatedSubquery) {
  const PlantedDatabase db = shop("correlated_subquery");
  db.run("CREATE INDEX orders_customer_id_idx ON orders (customer_id); ANALYZE orders");
  db.reset_counters();
  db.repeat(3,
            "SELECT c.id, (SELECT max(total) + # FROM orders o WHERE o.customer_id = c.id) FROM customers c");
  db.repeat(3, "SELECT c.id + #, (SELECT max(total) FROM orders o) FROM customers c");
  const AuditReport report = db.audit();
  EXPECT_EQ(said(report, "correlated-subquery").size(), 1U) << summary(report);
}

TEST_F(RulesLive, SpillToDisk) {
  const PlantedDatabase db = shop("spill_to_disk");
  db.repeat(3, "SELECT count(*) FROM (SELECT note, total + # FROM orders ORDER BY note, total OFFSET 0) s");
  db.repeat(3, "SELECT * FROM flags WHERE value > 'x#' ORDER BY value");
  const AuditReport report = db.audit();
  const auto found = said(report, "spill-to-disk");
  ASSERT_EQ(found.size(), 1U) << summary(report);
  EXPECT_EQ(found[0]->finding.action.kind, ActionKind::kConfiguration);
}

TEST_F(RulesLive, StaleStatistics) {
  const PlantedDatabase db = shop("stale_statistics");
  db.run("UPDATE orders SET note = note || '!' WHERE id <= 80000");
  const AuditReport report = db.audit();
  const auto found = said(report, "stale-statistics", "public.orders");
  ASSERT_EQ(found.size(), 1U) << summary(report);
  EXPECT_TRUE(said(report, "stale-statistics", "public.customers").empty());
  follow(db, *found[0]);
  EXPECT_TRUE(said(db.audit(), "stale-statistics").empty());
}

void age_counters(Snapshot& snapshot) {
  snapshot.schema.counters = Window{snapshot.taken_at - std::chrono::days{60}, snapshot.taken_at};
}

TEST_F(RulesLive, UnusedIndex) {
  const PlantedDatabase db = shop("unused_index");
  db.run(
      "CREATE INDEX orders_note_idx ON orders (note); CREATE UNIQUE INDEX orders_note_key ON orders (note, "
      "id);"
      "CREATE INDEX orders_total_idx ON orders (total); ANALYZE orders");
  db.reset_counters();
  db.repeat(20, "SELECT id FROM orders WHERE total = -#");
  const AuditReport young = db.audit();
  EXPECT_TRUE(said(young, "unused-index").empty()) << "counters of seconds prove nothing";
  const AuditReport report = db.audit(age_counters);
  const auto found = said(report, "unused-index", "public.orders_note_idx");
  ASSERT_EQ(found.size(), 1U) << summary(report);
  EXPECT_TRUE(said(report, "unused-index", "public.orders_created_key").empty());
  EXPECT_TRUE(said(report, "unused-index", "public.orders_total_idx").empty()) << summary(report);
  follow(db, *found[0]);
  EXPECT_TRUE(said(db.audit(age_counters), "unused-index", "public.orders_note_idx").empty());
  for (const std::string& sql : found[0]->finding.action.rollback) {
    db.run(sql);
  }
}

TEST_F(RulesLive, DuplicateAndRedundantIndex) {
  const PlantedDatabase db = shop("duplicate_index");
  db.run(
      "CREATE INDEX orders_total_a ON orders (total); CREATE INDEX orders_total_b ON orders (total);"
      "CREATE INDEX orders_total_c ON orders (total DESC NULLS LAST);"
      "CREATE INDEX orders_status_idx ON orders (status);"
      "CREATE INDEX orders_status_note_idx ON orders (status, note);"
      "CREATE INDEX orders_note_idx ON orders (note); CREATE INDEX orders_note_like ON orders (note "
      "text_pattern_ops)");
  const AuditReport report = db.audit();
  const auto duplicates = said(report, "duplicate-index");
  ASSERT_EQ(duplicates.size(), 1U) << summary(report);
  EXPECT_EQ(said(report, "redundant-index", "public.orders_status_idx").size(), 1U) << summary(report);
  EXPECT_TRUE(said(report, "redundant-index", "public.orders_note_idx").empty()) << summary(report);
  EXPECT_TRUE(said(report, "redundant-index", "public.orders_note_like").empty()) << summary(report);
  for (const Recommendation* one : said(report, "redundant-index")) {
    follow(db, *one);
  }
  const AuditReport after = db.audit();
  for (const Recommendation* one : said(after, "duplicate-index")) {
    follow(db, *one);
  }
  const AuditReport last = db.audit();
  EXPECT_TRUE(said(last, "duplicate-index").empty()) << summary(last);
  EXPECT_TRUE(said(last, "redundant-index").empty()) << summary(last);
}

TEST_F(RulesLive, InvalidIndex) {
  const PlantedDatabase db = shop("invalid_index");
  EXPECT_THROW(db.run("CREATE UNIQUE INDEX CONCURRENTLY orders_status_key ON orders (status)"),
               std::runtime_error);
  EXPECT_THROW(db.run("CREATE UNIQUE INDEX CONCURRENTLY orders_customer_key ON orders (customer_id)"),
               std::runtime_error);
  db.run("DROP INDEX orders_customer_key");
  const AuditReport report = db.audit();
  const auto found = said(report, "invalid-index");
  ASSERT_EQ(found.size(), 1U) << summary(report);
  EXPECT_EQ(said(report, "invalid-index", "public.orders_status_key").size(), 1U);
  db.run("UPDATE orders SET status = status || id");
  follow(db, *found[0]);
  EXPECT_TRUE(said(db.audit(), "invalid-index").empty());
}

TEST_F(RulesLive, MissingPrimaryKey) {
  const PlantedDatabase db = shop("missing_primary_key");
  db.run(
      "CREATE TABLE log (at timestamp NOT NULL, id bigint NOT NULL, line text);"
      "INSERT INTO log SELECT now(), i, 'line' FROM generate_series(1, 5000) i; ANALYZE log;"
      "CREATE TABLE tiny (a int); INSERT INTO tiny VALUES (1)");
  const AuditReport report = db.audit();
  const auto found = said(report, "missing-primary-key");
  ASSERT_EQ(found.size(), 1U) << summary(report);
  EXPECT_EQ(said(report, "missing-primary-key", "public.log").size(), 1U);
  follow(db, *found[0]);
  EXPECT_TRUE(said(db.audit(), "missing-primary-key").empty());
}

TEST_F(RulesLive, KeyExhaustion) {
  const PlantedDatabase db = shop("key_exhaustion");
  db.run(
      "CREATE TABLE tickets (id serial PRIMARY KEY); SELECT setval('tickets_id_seq', 2040109465);"
      "CREATE TABLE parts (ticket_id int REFERENCES tickets (id), no int, PRIMARY KEY (ticket_id, no));"
      "CREATE TABLE visits (id bigserial PRIMARY KEY); SELECT setval('visits_id_seq', 2040109465)");
  const AuditReport report = db.audit();
  const auto found = said(report, "key-exhaustion");
  ASSERT_EQ(found.size(), 1U) << summary(report);
  EXPECT_EQ(found[0]->finding.severity, Severity::kCritical);
  EXPECT_EQ(found[0]->rank, 1);
  follow(db, *found[0]);
  EXPECT_TRUE(said(db.audit(), "key-exhaustion").empty());
}

TEST_F(RulesLive, DominantAndChattyStatement) {
  const PlantedDatabase db = shop("dominant_statement");
  db.run("SELECT pg_stat_statements_reset()");
  db.repeat(12000, "SELECT value FROM flags WHERE name = 'flag 1'");
  const auto one_minute = [](Snapshot& snapshot) {
    snapshot.workload.window = Window{snapshot.taken_at - std::chrono::minutes{1}, snapshot.taken_at};
  };
  const AuditReport report = db.audit(one_minute);
  EXPECT_EQ(said(report, "chatty-statement").size(), 1U) << summary(report);
  EXPECT_EQ(said(report, "dominant-statement").size(), 1U) << summary(report);
  const AuditReport day = db.audit([](Snapshot& snapshot) {
    snapshot.workload.window = Window{snapshot.taken_at - std::chrono::days{1}, snapshot.taken_at};
  });
  EXPECT_TRUE(said(day, "chatty-statement").empty()) << "spread over a day the calls are few";
  EXPECT_TRUE(said(day, "dominant-statement").empty()) << "and the server is idle";
}

StatementId id_of(const Snapshot& snapshot, std::string_view part) {
  for (const Statement& statement : snapshot.workload.statements) {
    if (statement.query.find(part) != std::string::npos) {
      return statement.id;
    }
  }
  throw std::runtime_error("no statement has " + std::string(part));
}

// Readings a minute apart: lists of varying length, with `per_row` lookups for each of their rows.
void add_readings(Snapshot& snapshot, double per_row) {
  const StatementId parent = id_of(snapshot, "FROM orders WHERE customer_id");
  const StatementId child = id_of(snapshot, "FROM items WHERE order_id");
  const StatementId other = id_of(snapshot, "FROM flags WHERE name");
  std::uint32_t random = 7;
  const auto next = [&random](std::uint32_t below) {
    random = random * 1664525U + 1013904223U;  // Numerical Recipes' generator: the same on every machine
    return static_cast<std::int64_t>((random >> 16U) % below);
  };
  for (int i = 0; i < 24; ++i) {
    CounterInterval interval;
    interval.window.from = snapshot.taken_at - std::chrono::minutes{24 - i};
    interval.window.to = interval.window.from + std::chrono::minutes{1};
    const std::int64_t lists = 40 + next(80);
    const std::int64_t rows = lists * 2 + next(300);
    const std::int64_t lookups =
        per_row > 0 ? static_cast<std::int64_t>(static_cast<double>(rows) * per_row) + next(3)
                    : 200 + next(300);
    interval.statements[parent] = {.calls = lists, .rows = rows};
    interval.statements[child] = {.calls = lookups, .rows = lookups * 2};
    interval.statements[other] = {.calls = 100 + next(200), .rows = 100};
    interval.total_calls = lists + lookups + interval.statements[other].calls;
    snapshot.history.intervals.push_back(std::move(interval));
  }
}

TEST_F(RulesLive, NPlusOne) {
  const PlantedDatabase db = shop("n_plus_one");
  db.run(
      "CREATE TABLE items (order_id bigint NOT NULL REFERENCES orders (id), no int, PRIMARY KEY (order_id, "
      "no));"
      "INSERT INTO items SELECT i, n FROM generate_series(1, 20000) i, generate_series(1, 2) n;"
      "CREATE INDEX orders_customer_id_idx ON orders (customer_id); ANALYZE");
  db.reset_counters();
  db.repeat(40, "SELECT id, total FROM orders WHERE customer_id = #");
  db.repeat(400, "SELECT order_id, no FROM items WHERE order_id = #");
  db.repeat(40, "SELECT value FROM flags WHERE name = 'flag #'");
  const AuditReport report = db.audit([](Snapshot& snapshot) { add_readings(snapshot, 1); });
  const auto found = said(report, "n-plus-one");
  ASSERT_EQ(found.size(), 1U) << summary(report);
  ASSERT_EQ(found[0]->finding.statements.size(), 2U);
  EXPECT_EQ(found[0]->finding.statements[0].role, StatementRole::kParent);
  const AuditReport twin = db.audit([](Snapshot& snapshot) { add_readings(snapshot, 0); });
  EXPECT_TRUE(said(twin, "n-plus-one").empty()) << summary(twin);
}

TEST_F(RulesLive, StatisticsMissing) {
  const PlantedDatabase db = shop("statistics_missing");
  EXPECT_TRUE(said(db.audit(), "statistics-missing").empty());
  db.run("DROP EXTENSION pg_stat_statements");
  const AuditReport report = db.audit();
  const auto found = said(report, "statistics-missing");
  ASSERT_EQ(found.size(), 1U) << summary(report);
  follow(db, *found[0]);
  EXPECT_TRUE(said(db.audit(), "statistics-missing").empty());
}

}  // namespace
}  // namespace planwise
