// Rules on statements and their plans against a real server: a planted problem is found, its twin is not, and
// following the advice silences it.
#include <string>

#include "tests/live/rules_live.h"

namespace planwise {
namespace {

using test::PlantedDatabase;
using test::said;
using test::summary;

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

}  // namespace
}  // namespace planwise
