// Rules on the catalogue and the counters against a real server: a planted problem is found, its twin is not,
// and following the advice silences it.
#include <string>

#include "tests/live/rules_live.h"

namespace planwise {
namespace {

using test::PlantedDatabase;
using test::said;
using test::summary;

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
  // How long a call takes depends on the machine, so that 0.05 ms are put in for every statement.
  const auto one_minute = [](Snapshot& snapshot) {
    snapshot.workload.window = Window{snapshot.taken_at - std::chrono::minutes{1}, snapshot.taken_at};
    snapshot.workload.total_time = Millis{0};
    for (Statement& statement : snapshot.workload.statements) {
      statement.stats.total_time = Millis{0.05} * static_cast<double>(statement.stats.calls);
      snapshot.workload.total_time += statement.stats.total_time;
    }
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
