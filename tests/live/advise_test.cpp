// Index advice as a whole, by a planner that can be asked: what is proposed is used, suffices, and holds for
// the values that were given.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "server/audit/audit_once.h"
#include "tests/live/rules_live.h"

namespace planwise {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::Each;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class AdviceLive : public RulesLive {
 protected:
  static std::vector<std::string> advised(const std::string& database,
                                          std::vector<GivenStatement> statements) {
    AuditOptions options;
    options.capture.allow_privileged = true;
    options.capture.given = std::move(statements);
    const auto report = audit_once(server_->dsn(database), options, {});
    EXPECT_TRUE(report) << report.error().message;
    std::vector<std::string> sql;
    for (const Recommendation& one : report->recommendations) {
      sql.insert(sql.end(), one.finding.action.sql.begin(), one.finding.action.sql.end());
    }
    return sql;
  }
};

void run_traffic(const test::PlantedDatabase& shop) {
  shop.repeat(40, "SELECT id, total FROM orders WHERE customer_id = # ORDER BY created_at DESC LIMIT 10");
  shop.repeat(10, "SELECT count(*) FROM orders WHERE customer_id = # AND status = 'done'");
  shop.repeat(20,
              "SELECT c.email, o.total FROM customers c JOIN orders o ON o.customer_id = c.id "
              "WHERE c.email = 'C#@shop.example'");
  shop.repeat(10, "SELECT id FROM customers WHERE lower(email) = 'c#@shop.example'");
  shop.repeat(5, "UPDATE orders SET note = 'seen' WHERE customer_id = # AND status = 'open'");
  shop.repeat(10, "SELECT id, note FROM orders WHERE id = #");
}

TEST_F(AdviceLive, TheSetSufficesAndEveryIndexOfItIsUsed) {
  const test::PlantedDatabase shop = RulesLive::shop("advice_set");
  run_traffic(shop);
  const AuditReport before = shop.audit();
  const auto proposals = test::said(before, "missing-index");
  ASSERT_FALSE(proposals.empty()) << test::summary(before);
  for (const Recommendation* proposal : proposals) {
    follow(shop, *proposal);
  }
  shop.run("ANALYZE");
  shop.reset_counters();
  run_traffic(shop);
  server_->await("SELECT n_tup_upd > 0 FROM pg_stat_user_tables WHERE relname = 'orders'", "advice_set");
  EXPECT_EQ(server_->value(
                "SELECT string_agg(i.indexrelname, ', ') FROM pg_stat_user_indexes i JOIN pg_index x USING "
                "(indexrelid) WHERE i.idx_scan = 0 AND NOT x.indisunique "
                "AND i.indexrelname NOT IN ('customers_code_idx')",
                "advice_set"),
            "");
  const AuditReport after = shop.audit();
  EXPECT_THAT(test::said(after, "missing-index"), IsEmpty()) << test::summary(after);
}

TEST_F(AdviceLive, APartitionedTableBehindAViewHasOneIndex) {
  const test::PlantedDatabase airline = database("advice_partitions");
  airline.run(
      "CREATE TABLE flights (id bigint, day date NOT NULL, origin int, plane int) PARTITION BY RANGE (day);"
      "CREATE TABLE flights_1 PARTITION OF flights FOR VALUES FROM ('2024-01-01') TO ('2024-07-01');"
      "CREATE TABLE flights_2 PARTITION OF flights FOR VALUES FROM ('2024-07-01') TO ('2025-01-01');"
      "INSERT INTO flights SELECT i, date '2024-01-01' + i % 366, i % 5000, i % 40 FROM generate_series(1, "
      "100000) i;"
      "CREATE VIEW departures AS SELECT id, day, origin AS airport, plane FROM flights WHERE plane > 0");
  airline.run("VACUUM ANALYZE");
  airline.reset_counters();
  airline.repeat(30, "SELECT id, plane FROM departures WHERE airport = #");
  const AuditReport before = airline.audit();
  const auto proposals = test::said(before, "missing-index", "public.flights");
  ASSERT_EQ(proposals.size(), 1U) << test::summary(before);
  EXPECT_THAT(proposals.front()->finding.title, HasSubstr("public.flights (origin"));
  follow(airline, *proposals.front());
  EXPECT_EQ(server_->value("SELECT indisvalid FROM pg_index WHERE indrelid = 'flights'::regclass",
                           "advice_partitions"),
            "t");
  airline.reset_counters();
  airline.repeat(30, "SELECT id, plane FROM departures WHERE airport = #");
  EXPECT_THAT(test::said(airline.audit(), "missing-index"), IsEmpty());
}

TEST_F(AdviceLive, AGivenLiteralMayRestrictAnIndex) {
  const test::PlantedDatabase shop = RulesLive::shop("advice_literal");
  const GivenStatement open{.name = "open", .sql = "SELECT id, note FROM orders WHERE status = 'open'"};
  const GivenStatement done{.name = "done", .sql = "SELECT id, note FROM orders WHERE status = 'done'"};
  EXPECT_THAT(advised("advice_literal", {open}),
              Contains(AllOf(HasSubstr("orders"), HasSubstr("WHERE status = 'open'"))));
  EXPECT_THAT(advised("advice_literal", {open, done}), Each(Not(HasSubstr("WHERE"))))
      << "stands for any status";
}

}  // namespace
}  // namespace planwise
