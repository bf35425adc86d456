// Version 2 of MySQL's documents, bare and in the envelope of 9.x. tests/data/plans/mysql_v2 and
// mysql_v2_envelope are written by hand in the shape of 8.4 and 9.7.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/analyzer/explain/plan_documents.h"

namespace planwise {
namespace {

using test::labelled;
using test::node_of;
using test::outline;
using test::plan_named;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

TEST(MySqlTree, EveryDocumentIsReadWhole) {
  std::size_t read = 0;
  for (const std::string folder : {"mysql_v2", "mysql_v2_envelope"}) {
    for (const std::string& name : test::plan_documents(folder)) {
      const Plan plan = plan_named(name);
      EXPECT_THAT(plan.unknown_nodes, IsEmpty()) << name;
      const bool analysed = name.ends_with(".analyze");
      EXPECT_EQ(plan.execution_time.has_value(), analysed) << name;
      walk(plan, [&](const PlanNode& node, const std::string& path) {
        EXPECT_NE(node.kind, NodeKind::kOther) << name << " " << path;
        EXPECT_EQ(node.actual.has_value(), analysed) << name << " " << path;
        EXPECT_THAT(node.filter + node.index_condition + node.label,
                    Not(testing::ContainsRegex("Oslo|refunded|2023|890|Atlantis|it.?s")))
            << name << " " << path;
      });
      ++read;
    }
  }
  EXPECT_GE(read, 20U);
}

TEST(MySqlTree, AFilterIsPartOfWhatItFilters) {
  const PlanNode scan = plan_named("mysql_v2/full_scan.analyze").root;
  EXPECT_EQ(scan.kind, NodeKind::kFullScan);
  EXPECT_EQ(scan.label, "Table scan");
  EXPECT_EQ(scan.qualified_table(), "shop.orders");
  EXPECT_EQ(scan.filter, "(orders.`status` = '?')");
  EXPECT_DOUBLE_EQ(scan.rows.count, 11979.5);
  EXPECT_DOUBLE_EQ(scan.cost->units, 12087.75);
  ASSERT_TRUE(scan.actual);
  EXPECT_EQ(scan.actual->rows.count, 2398);
  EXPECT_EQ(scan.actual->rows_removed_by_filter->count, 120000 - 2398);
  EXPECT_EQ(scan.rows_read->count, 120000);
  EXPECT_DOUBLE_EQ(scan.actual->time->count(), 44.25);
  EXPECT_EQ(plan_named("mysql_v2/early_release").root.kind, NodeKind::kFullScan)
      << "8.3 does not name the schema";
}

TEST(MySqlTree, LoopsBecomeTotals) {
  const Plan plan = plan_named("mysql_v2/nested_loop.analyze");
  EXPECT_EQ(outline(plan.root), "join(join(index-scan c, index-scan o), index-scan oi)");
  const PlanNode inner = node_of(plan, "o");
  EXPECT_EQ(inner.actual->loops, 2013);
  EXPECT_NEAR(inner.actual->rows.count, 1200, 1e-6);
  EXPECT_NEAR(inner.actual->rows_removed_by_filter->count, 6 * 2013 - 1200, 1e-6);
  EXPECT_NEAR(inner.actual->time->count(), 0.0035 * 2013, 1e-9);
  EXPECT_DOUBLE_EQ(inner.rows_read->count, 6);
  EXPECT_EQ(inner.index, "idx_customer");
  EXPECT_THAT(inner.index_columns, ElementsAre("customer_id"));
  EXPECT_EQ(inner.index_condition, "customer_id=c.id");
  EXPECT_EQ(node_of(plan, "c").index_condition, "city='?' and (c.city = '?')");
}

TEST(MySqlTree, ANodeThatNeverRanHasZeros) {
  const PlanNode never = node_of(plan_named("mysql_v2/never_executed.analyze"), "o");
  ASSERT_TRUE(never.actual);
  EXPECT_EQ(never.actual->loops, 0);
  EXPECT_EQ(never.actual->rows.count, 0);
  EXPECT_EQ(never.actual->time->count(), 0);
  EXPECT_EQ(never.rows_read->count, 2) << "as estimated";
}

TEST(MySqlTree, JoinsTellMethodTypeAndConditions) {
  const PlanNode hash = plan_named("mysql_v2/hash_join").root;
  EXPECT_EQ(hash.join, JoinMethod::kHash);
  EXPECT_EQ(hash.join_type, "Inner");
  EXPECT_EQ(hash.join_condition, "(a.actor = p.sku)");
  EXPECT_EQ(hash.join_filter, "(a.`at` > p.added)");
  EXPECT_EQ(outline(hash), "join(full-scan a, materialize(full-scan p))");
  EXPECT_EQ(hash.children[1].label, "Hash");
  EXPECT_EQ(plan_named("mysql_v2/antijoin").root.join_type, "Anti");
  EXPECT_EQ(plan_named("mysql_v2_envelope/hash_join_filter").root.join_type, "Left");
  const PlanNode weedout = plan_named("mysql_v2/semijoin_weedout").root;
  EXPECT_EQ(outline(weedout), "aggregate(join(full-scan orders, index-scan c))");
  EXPECT_EQ(weedout.children[0].label, "Batched key access");
}

TEST(MySqlTree, WhatComesWithoutAnEstimateHandsOnWhatItGets) {
  const Plan plan = plan_named("mysql_v2/group_sort_limit.analyze");
  EXPECT_EQ(outline(plan.root), "limit(sort(subquery <temporary>(aggregate(full-scan orders))))");
  EXPECT_EQ(plan.root.rows.count, 10);
  EXPECT_FALSE(plan.root.cost);
  EXPECT_EQ(plan.root.children[0].rows.count, 119795);
  EXPECT_THAT(plan.root.children[0].sort_keys, ElementsAre("n DESC"));
  EXPECT_EQ(labelled(plan, "Aggregate using temporary table").actual->rows.count, 5);
}

TEST(MySqlTree, DerivedTablesAreNoTablesOfTheSchema) {
  const Plan plan = plan_named("mysql_v2/derived.analyze");
  EXPECT_EQ(outline(plan.root),
            "join(limit(full-scan c), subquery t(materialize(aggregate(full-index-scan orders))))");
  const PlanNode derived = node_of(plan, "t");
  EXPECT_THAT(derived.table, IsEmpty());
  EXPECT_EQ(derived.filter, "(t.n > ?)");
  EXPECT_EQ(labelled(plan, "Materialize").actual->loops, 1);
  EXPECT_EQ(labelled(plan, "Materialize").startup_cost->units, 26027.7);
  EXPECT_TRUE(labelled(plan, "Index scan").covering);
  EXPECT_EQ(outline(plan_named("mysql_v2/union").root),
            "subquery <union temporary>(materialize(union(index-scan customers, full-scan orders)))");
}

TEST(MySqlTree, SubqueriesAreTiedToTheirNameInTheCondition) {
  const PlanNode scan = plan_named("mysql_v2/dependent_subquery").root;
  EXPECT_EQ(scan.filter, "((o.total = (select #2)) and (o.note <> '?'))");
  ASSERT_EQ(scan.children.size(), 1U);
  EXPECT_EQ(scan.children[0].relationship, "SubPlan");
  EXPECT_EQ(scan.children[0].subplan, "select #2");
  EXPECT_EQ(plan_named("mysql_v2/dependent_subquery", PlanLiterals::kKept).root.filter,
            "((o.total = (select #2)) and (o.note <> 'it''s #1'))");
  const PlanNode projected = plan_named("mysql_v2_envelope/select_list_subquery.analyze").root;
  ASSERT_EQ(projected.children.size(), 1U);
  EXPECT_EQ(projected.children[0].relationship, "SubPlan");
  EXPECT_EQ(projected.children[0].actual->loops, 1966);
}

TEST(MySqlTree, AnIndexMergeReadsItsTableOnce) {
  const PlanNode merge = plan_named("mysql_v2/index_merge").root;
  EXPECT_EQ(merge.kind, NodeKind::kBitmapScan);
  EXPECT_EQ(merge.qualified_table(), "shop.orders");
  EXPECT_THAT(merge.filter, HasSubstr("orders.customer_id = ?"));
  ASSERT_EQ(outline(merge), "bitmap-scan orders(bitmap-scan, bitmap-scan)");
  EXPECT_EQ(merge.children[0].index, "idx_customer");
  EXPECT_EQ(merge.children[1].index_condition, "(created_at = '?')");
}

TEST(MySqlTree, WritesNameTheirTable) {
  const PlanNode insert = plan_named("mysql_v2/insert").root;
  EXPECT_EQ(insert.qualified_table(), "shop.archive");
  EXPECT_EQ(outline(insert), "write archive(full-scan orders)");
  const PlanNode removal = plan_named("mysql_v2/delete").root;
  EXPECT_EQ(removal.qualified_table(), "shop.orders");
  EXPECT_EQ(outline(removal), "write o(join(full-scan o, index-scan c))");
  EXPECT_EQ(outline(plan_named("mysql_v2/update").root), "write o(full-scan o)");
}

TEST(MySqlTree, TheEnvelopeChangesNothing) {
  const Plan plan = plan_named("mysql_v2_envelope/range.analyze");
  EXPECT_EQ(plan.root.kind, NodeKind::kIndexScan);
  EXPECT_EQ(plan.root.label, "Index range scan");
  EXPECT_EQ(plan.root.index_condition, "('?' <= created_at <= '?')");
  EXPECT_THAT(plan.root.index_columns, ElementsAre("created_at"));
  EXPECT_EQ(plan.root.actual->rows.count, 361);
  EXPECT_DOUBLE_EQ(plan.execution_time->count(), 0.9);
}

// The server puts quotes around the texts of a range and escapes none in them.
TEST(MySqlTree, AQuoteInARangeHidesAllUpToTheLast) {
  const auto range = [](const std::string& text) {
    const auto read =
        read_plan(R"({"operation": "Index range scan", "access_type": "index", "table_name": "t",
      "schema_name": "s", "index_name": "i", "index_access_type": "index_range_scan", "ranges": [")" +
                  text + "\"]}");
    return read ? read->plan.root.index_condition : read.error().message;
  };
  EXPECT_EQ(range("(name = 'O'Brien')"), "(name = '?')");
  EXPECT_EQ(range("(name = 'Brien')"), "(name = '?')");
  EXPECT_EQ(range("('a'b' <= name <= 'c')"), "('?')");
  EXPECT_EQ(range("(5 < n)"), "(? < n)");
}

TEST(MySqlTree, ANodeOfTheFutureIsToldAndItsInputsAreRead) {
  const auto read =
      read_plan(R"({"query": "x", "operation": "Vector leap on t: 'secret'", "access_type": "vector_leap",
    "estimated_rows": 3, "inputs": [{"operation": "Table scan on t", "access_type": "table", "table_name": "t",
    "schema_name": "s", "estimated_rows": 9}, {"operation": "Wander about: 'secret'"},
    {"access_type": "index", "index_access_type": "sideways", "table_name": "u", "index_name": "i"}]})");
  ASSERT_TRUE(read);
  EXPECT_EQ(read->plan.root.kind, NodeKind::kOther);
  EXPECT_EQ(read->plan.root.rows.count, 3);
  EXPECT_EQ(read->plan.root.children.at(0).kind, NodeKind::kFullScan);
  EXPECT_THAT(read->plan.unknown_nodes, ElementsAre("vector_leap", "Wander about", "index: sideways"));
}

}  // namespace
}  // namespace planwise
