// MySQL 5.6, and version 1 of 5.7 and later. tests/data/plans/mysql56 was recorded on 5.6.24, mysql_v1 is
// written by hand in the shape of 8.0.
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

TEST(MySqlBlocks, EveryDocumentIsReadWhole) {
  std::size_t read = 0;
  for (const std::string folder : {"mysql56", "mysql_v1"}) {
    for (const std::string& name : test::plan_documents(folder)) {
      const Plan plan = plan_named(name);
      EXPECT_THAT(plan.unknown_nodes, IsEmpty()) << name;
      walk(plan, [&](const PlanNode& node, const std::string& path) {
        EXPECT_NE(node.kind, NodeKind::kOther) << name << " " << path;
        EXPECT_FALSE(node.actual) << name << " " << path;
        EXPECT_THAT(node.filter + node.index_condition, Not(testing::ContainsRegex("Oslo|refunded|2023|880")))
            << name << " " << path;
      });
      ++read;
    }
  }
  EXPECT_GE(read, 38U);
}

TEST(MySqlBlocks, AFullScanTellsWhatItReadsAndWhatItKeeps) {
  const PlanNode old = plan_named("mysql56/fullscan_noindex_filter").root;
  EXPECT_EQ(old.kind, NodeKind::kFullScan);
  EXPECT_EQ(old.label, "ALL");
  EXPECT_EQ(old.table, "orders");
  EXPECT_EQ(old.schema, "shop");
  EXPECT_EQ(old.rows_read->count, 119795);
  EXPECT_EQ(old.rows.count, 119795);  // 5.6 does not estimate the filter
  EXPECT_FALSE(old.cost);
  EXPECT_EQ(old.filter, "(`shop`.`orders`.`status` = '?')");

  const PlanNode scan = plan_named("mysql_v1/full_scan").root;
  EXPECT_EQ(scan.kind, NodeKind::kFullScan);
  EXPECT_EQ(scan.rows_read->count, 119795);
  EXPECT_DOUBLE_EQ(scan.rows.count, 11979.5);
  EXPECT_DOUBLE_EQ(scan.cost->units, 12087.95);
}

TEST(MySqlBlocks, LiteralsAreKeptOnDemand) {
  EXPECT_THAT(plan_named("mysql_v1/full_scan", PlanLiterals::kKept).root.filter, HasSubstr("'refunded'"));
}

TEST(MySqlBlocks, AccessTypesAreNeutralKinds) {
  const auto kind = [](const std::string& name) { return plan_named("mysql56/" + name).root.kind; };
  EXPECT_EQ(kind("pk_lookup"), NodeKind::kIndexScan);   // const
  EXPECT_EQ(kind("ref_lookup"), NodeKind::kIndexScan);  // ref
  EXPECT_EQ(kind("range_scan"), NodeKind::kIndexScan);  // range
  EXPECT_EQ(kind("index_order_limit"), NodeKind::kFullIndexScan);
  EXPECT_EQ(kind("offset_paging"), NodeKind::kFullIndexScan);  // the clustered PRIMARY in its order
  EXPECT_EQ(kind("index_merge_or"), NodeKind::kBitmapScan);
  EXPECT_EQ(kind("impossible_where"), NodeKind::kResult);
  EXPECT_EQ(plan_named("mysql56/impossible_where").root.label, "Impossible WHERE");
}

TEST(MySqlBlocks, AnIndexTellsItsColumnsAndHowTheyAreLookedUp) {
  const PlanNode ref = plan_named("mysql56/covering_index").root;
  EXPECT_EQ(ref.index, "idx_city_status");
  EXPECT_THAT(ref.index_columns, ElementsAre("city"));
  EXPECT_TRUE(ref.covering);
  EXPECT_EQ(ref.index_condition, "city = const");
  const PlanNode range = plan_named("mysql56/range_scan").root;
  EXPECT_EQ(range.index, "idx_created");
  EXPECT_FALSE(range.covering);
  EXPECT_EQ(range.index_condition,
            "((`shop`.`orders`.`created_at` >= '?') and (`shop`.`orders`.`created_at` < '?'))");
}

// 5.6 prints 1200000 as `filtered` where a LIMIT cut the rows down.
TEST(MySqlBlocks, FilteredIsAtMostAll) {
  const PlanNode scan = plan_named("mysql56/index_order_limit").root;
  EXPECT_EQ(scan.rows_read->count, 10);
  EXPECT_EQ(scan.rows.count, 10);
}

TEST(MySqlBlocks, AListOfTablesIsATreeOfJoins) {
  const Plan plan = plan_named("mysql_v1/join_group_order");
  EXPECT_EQ(outline(plan.root),
            "sort(materialize(aggregate(join(join(index-scan c, index-scan o), index-scan oi))))");
  EXPECT_DOUBLE_EQ(plan.root.cost->units, 7400.9);
  const PlanNode join = labelled(plan, "nested_loop");
  EXPECT_EQ(join.join, JoinMethod::kNestedLoop);
  EXPECT_EQ(join.rows.count, 4023);
  EXPECT_DOUBLE_EQ(join.cost->units, 3377.9);
  EXPECT_EQ(join.children[0].rows.count, 1341);
  EXPECT_EQ(join.children[0].relationship, "Outer");
  EXPECT_EQ(join.children[1].relationship, "Inner");
  const PlanNode inner = node_of(plan, "o");
  EXPECT_EQ(inner.rows_read->count, 2);
  EXPECT_DOUBLE_EQ(inner.rows.count, 2 * 0.3333);
  EXPECT_NEAR(inner.cost->units, (1006.0 + 134.12) / 2012, 1e-9) << "per loop, as the rows are";
  EXPECT_EQ(inner.index_condition, "customer_id = shop.c.id");
}

TEST(MySqlBlocks, RowsOfAJoinThatTheServerDoesNotTellAreTheProduct) {
  const PlanNode join = plan_named("mysql56/join_2t").root;
  EXPECT_EQ(join.kind, NodeKind::kJoin);
  EXPECT_EQ(join.rows.count, 2012.0 * 2);
}

TEST(MySqlBlocks, JoinBuffersReadTheInnerTableOnce) {
  const PlanNode loop = plan_named("mysql56/join_buffer_no_index").root;
  EXPECT_EQ(loop.label, "Block Nested Loop");
  EXPECT_EQ(outline(loop), "join(full-scan p, materialize(full-scan a))");
  EXPECT_THAT(loop.join_filter, HasSubstr("`a`.`actor` = `shop`.`p`.`sku`"));
  const PlanNode hash = plan_named("mysql_v1/hash_join").root;
  EXPECT_EQ(hash.join, JoinMethod::kHash);
  EXPECT_EQ(outline(hash), "join(full-scan p, full-scan a)");
}

TEST(MySqlBlocks, SortsAndTemporaryTablesAreNodes) {
  EXPECT_EQ(outline(plan_named("mysql56/filesort_limit").root), "sort(full-scan orders)");
  EXPECT_EQ(outline(plan_named("mysql56/group_by_temp").root),
            "aggregate(sort(materialize(full-scan orders)))");
  EXPECT_EQ(outline(plan_named("mysql56/having").root), "aggregate(full-index-scan orders)")
      << "grouped in the order of the index";
  const Plan window = plan_named("mysql_v1/window");
  EXPECT_EQ(outline(window.root), "sort(window(window(sort(materialize(index-scan orders)))))");
  EXPECT_THAT(window.root.children[0].children[0].children[0].sort_keys,
              ElementsAre("`customer_id`", "`created_at` desc"));
}

TEST(MySqlBlocks, SubqueriesRunOnceOrForEachRow) {
  const Plan plan = plan_named("mysql_v1/dependent_subquery");
  ASSERT_EQ(plan.root.children.size(), 2U);
  const PlanNode& dependent = plan.root.children[0];
  EXPECT_EQ(dependent.relationship, "SubPlan");
  EXPECT_EQ(dependent.subplan, "select #2");
  EXPECT_EQ(plan.root.filter, "exists(select #2)") << "a text with a parenthesis in it ends no sub-query";
  EXPECT_EQ(plan.root.children[1].relationship, "InitPlan");
  EXPECT_EQ(node_of(plan_named("mysql56/dependent_subquery"), "o").relationship, "SubPlan");
  EXPECT_EQ(node_of(plan_named("mysql56/not_exists"), "o").relationship, "SubPlan");
}

TEST(MySqlBlocks, DerivedTablesStandAboveWhatMakesThem) {
  const Plan plan = plan_named("mysql_v1/derived_table");
  EXPECT_EQ(outline(plan.root),
            "join(full-scan c, subquery t(materialize(aggregate(full-index-scan orders))))");
  const PlanNode derived = node_of(plan, "t");
  EXPECT_THAT(derived.table, IsEmpty()) << "no table of the schema";
  EXPECT_EQ(derived.index, "<auto_key0>");
  const Plan recursive = plan_named("mysql_v1/recursive_cte");
  EXPECT_EQ(outline(recursive.root),
            "join(subquery n(materialize(union(result, subquery n))), index-scan p)");
}

TEST(MySqlBlocks, SetOperationsHoldTheirOperands) {
  EXPECT_EQ(outline(plan_named("mysql56/union_distinct").root),
            "union <union1,2>(index-scan customers, full-scan orders)");
  EXPECT_EQ(outline(plan_named("mysql_v1/set_operations").root),
            "union <union4,3>(union <intersect1,2>(full-scan orders, index-scan c), result)");
}

TEST(MySqlBlocks, SemiAndAntiJoinsAreNamed) {
  EXPECT_EQ(plan_named("mysql56/in_subquery").root.join_type, "Semi");
  EXPECT_EQ(plan_named("mysql56/in_subquery").root.rows.count, 19612) << "each outer row once";
  EXPECT_EQ(plan_named("mysql_v1/semi_join").root.join_type, "Semi");
  EXPECT_EQ(plan_named("mysql_v1/not_exists").root.join_type, "Anti");
}

TEST(MySqlBlocks, IndexMergesKeepTheirIndexes) {
  const PlanNode merge = plan_named("mysql_v1/index_merge").root;
  EXPECT_EQ(merge.table, "orders");
  EXPECT_EQ(merge.rows_read->count, 154);
  ASSERT_EQ(outline(merge),
            "bitmap-scan orders(bitmap-scan(bitmap-scan(bitmap-scan, bitmap-scan), bitmap-scan))");
  const PlanNode& both = merge.children[0];
  EXPECT_EQ(both.label, "union");
  EXPECT_EQ(both.children[0].label, "intersect");
  EXPECT_EQ(both.children[0].children[0].index, "idx_customer");
  EXPECT_EQ(both.children[0].children[1].index, "idx_status");
  EXPECT_EQ(both.children[1].index, "idx_created");
}

TEST(MySqlBlocks, WritesStandAboveWhatTheyRead) {
  const PlanNode old = plan_named("mysql56/delete_range").root;
  EXPECT_EQ(outline(old), "write audit_log(full-scan audit_log)");
  EXPECT_EQ(old.label, "delete");
  EXPECT_EQ(outline(plan_named("mysql_v1/update_join").root), "write o(join(full-scan o, index-scan c))");
  EXPECT_EQ(outline(plan_named("mysql_v1/insert_select").root), "write archive(full-scan orders)")
      << "INSERT prints ALL for the table it does not read";
  EXPECT_THAT(plan_named("mysql_v1/delete_rows").root.children[0].index_condition, IsEmpty());
}

}  // namespace
}  // namespace planwise
