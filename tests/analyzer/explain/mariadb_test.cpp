// MariaDB's documents; tests/data/plans/mariadb1011 was recorded on 10.11.19.
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

Plan read_text(const std::string& json) {
  auto read = read_plan_of(Engine::kMariaDb, json);
  EXPECT_TRUE(read) << (read ? "" : read.error().message);
  return read ? *std::move(read) : Plan{};
}

TEST(MariaDbPlan, EveryRecordedDocumentIsReadWhole) {
  std::size_t read = 0;
  for (const std::string& name : test::plan_documents("mariadb1011")) {
    const Plan plan = plan_named(name);
    EXPECT_THAT(plan.unknown_nodes, IsEmpty()) << name;
    const bool analysed = name.ends_with(".analyze");
    EXPECT_EQ(plan.planning_time.has_value(), analysed) << name;
    walk(plan, [&](const PlanNode& node, const std::string& path) {
      EXPECT_NE(node.kind, NodeKind::kOther) << name << " " << path;
      EXPECT_TRUE(analysed || !node.actual) << name << " " << path;
      EXPECT_THAT(node.filter + node.index_condition + node.join_filter,
                  Not(testing::ContainsRegex("Oslo|refunded|2023|89[0-9]|login")))
          << name << " " << path;
    });
    ++read;
  }
  EXPECT_EQ(read, 46U);
}

TEST(MariaDbPlan, AFullScanSaysWhatItThrewAway) {
  const Plan plan = plan_named("mariadb1011/fullscan_noindex_filter.analyze");
  const PlanNode& scan = plan.root;
  EXPECT_EQ(scan.kind, NodeKind::kFullScan);
  EXPECT_EQ(scan.table, "orders");
  EXPECT_EQ(scan.filter, "orders.`status` = '?'");
  ASSERT_TRUE(scan.actual);
  EXPECT_NEAR(scan.actual->rows.count, 2398, 0.01);
  EXPECT_NEAR(scan.actual->rows_removed_by_filter->count, 120000 - 2398, 0.01);
  EXPECT_EQ(scan.rows_read->count, 120000);
  EXPECT_EQ(scan.actual->blocks_hit, 370);
  EXPECT_EQ(scan.actual->blocks_read, 0);
  EXPECT_GT(plan.execution_time->count(), 0);
}

TEST(MariaDbPlan, LoopsBecomeTotals) {
  const PlanNode inner = node_of(plan_named("mariadb1011/dependent_subquery.analyze"), "o");
  EXPECT_EQ(inner.relationship, "SubPlan");
  EXPECT_EQ(inner.subplan, "subquery#2");
  EXPECT_EQ(inner.actual->loops, 1966);
  EXPECT_NEAR(inner.actual->rows.count, 6.021871821 * 1966, 1e-6);
  EXPECT_NEAR(inner.rows_read->count, 6.02, 0.01);
  EXPECT_EQ(inner.rows.count, 2) << "as estimated, per loop";
}

TEST(MariaDbPlan, AJoinSumsItsSides) {
  const PlanNode join = plan_named("mariadb1011/in_subquery.analyze").root;
  EXPECT_EQ(outline(join),
            "join(full-index-scan customers, subquery <subquery2>(materialize(full-scan orders)))");
  EXPECT_EQ(join.actual->loops, 1);
  EXPECT_NEAR(join.actual->rows.count, 2545, 0.01);
  EXPECT_THAT(join.children[1].table, IsEmpty());
}

TEST(MariaDbPlan, JoinBuffersReadTheInnerTableOnce) {
  const PlanNode join = plan_named("mariadb1011/join_buffer_no_index.analyze").root;
  EXPECT_EQ(outline(join), "join(full-scan p, materialize(full-scan a))");
  EXPECT_EQ(join.label, "block-nl-join");
  EXPECT_EQ(join.join, JoinMethod::kNestedLoop);
  EXPECT_EQ(join.join_filter, "a.actor = p.sku");
  EXPECT_EQ(join.actual->rows.count, 0) << "no pair matched";
  const PlanNode inner = node_of(plan_named("mariadb1011/join_buffer_no_index.analyze"), "a");
  EXPECT_EQ(inner.actual->loops, 1);
  EXPECT_EQ(inner.filter, "a.kind = '?'");
}

TEST(MariaDbPlan, HashedBuffersAreHashJoins) {
  const PlanNode join = read_text(R"({"query_block": {"select_id": 1, "nested_loop": [
    {"table": {"table_name": "p", "access_type": "ALL", "rows": 2000, "filtered": 100}},
    {"block-nl-join": {"table": {"table_name": "a", "access_type": "hash_ALL", "key": "#hash#$hj", "key_length": "67",
      "used_key_parts": ["actor"], "ref": ["shop.p.sku"], "rows": 150179, "filtered": 100},
      "buffer_type": "flat", "buffer_size": "130KiB", "join_type": "BNLH", "attached_condition": "a.actor = p.sku"}}]}})")
                            .root;
  EXPECT_EQ(join.join, JoinMethod::kHash);
  EXPECT_EQ(join.join_condition, "actor = shop.p.sku");
  EXPECT_EQ(outline(join), "join(full-scan p, full-scan a)");
  EXPECT_THAT(join.children[1].index, IsEmpty()) << "the hash table is no index";
}

TEST(MariaDbPlan, SortsAreNodesWithTheirKeys) {
  const Plan plan = plan_named("mariadb1011/filesort_limit.analyze");
  EXPECT_EQ(outline(plan.root), "sort(full-scan orders)");
  EXPECT_THAT(plan.root.sort_keys, ElementsAre("orders.total desc"));
  EXPECT_EQ(plan.root.rows.count, 10) << "the sort keeps what its LIMIT asks for";
  EXPECT_EQ(plan.root.actual->sort_passes, 0);
  const Plan window = plan_named("mariadb1011/window");
  EXPECT_EQ(outline(window.root), "window(sort(materialize(index-scan orders)))");
  EXPECT_THAT(window.root.children[0].sort_keys, ElementsAre("orders.customer_id", "orders.created_at desc"));
  EXPECT_EQ(outline(plan_named("mariadb1011/join_3t_group_order").root),
            "sort(materialize(join(join(full-index-scan c, index-scan o), index-scan oi)))");
}

TEST(MariaDbPlan, ASortThatWentToDiskTellsItsPasses) {
  const PlanNode sort = read_text(R"({"query_block": {"select_id": 1, "r_loops": 1, "filesort": {
    "sort_key": "concat(t.a, ',', 'x, y'), t.b desc", "r_loops": 2, "r_total_time_ms": 900, "r_output_rows": 500,
    "r_sort_passes": 3, "table": {"table_name": "t", "access_type": "ALL", "rows": 10, "filtered": 100}}}})")
                            .root;
  EXPECT_THAT(sort.sort_keys, ElementsAre("concat(t.a, '?', '?')", "t.b desc"));
  EXPECT_EQ(sort.actual->rows.count, 1000);
  EXPECT_EQ(sort.actual->sort_passes, 6);
  EXPECT_EQ(sort.actual->time->count(), 900);
}

TEST(MariaDbPlan, DerivedTablesStandAboveWhatMakesThem) {
  EXPECT_EQ(outline(plan_named("mariadb1011/derived_table.analyze").root),
            "join(full-scan c, subquery <derived2>(subquery(aggregate(index-scan orders))))")
      << "lateral: made anew for each row, so not materialised once";
  EXPECT_EQ(
      outline(plan_named("mariadb1011/cte_recursive").root),
      "join(subquery <derived2>(materialize(union <union2,3>(result, subquery <derived2>))), index-scan p)");
  EXPECT_EQ(labelled(plan_named("mariadb1011/having"), "having_condition").filter, "s > ?");
}

TEST(MariaDbPlan, ASubqueryThatNamesAnOuterTableRunsAgain) {
  EXPECT_EQ(node_of(plan_named("mariadb1011/not_exists.analyze"), "o").relationship, "SubPlan");
  const auto relationship = [](const std::string& reference) {
    return node_of(read_text(R"({"query_block": {"select_id": 1, "nested_loop": [{"table": {"table_name": "c",
      "access_type": "ALL", "rows": 5, "filtered": 100}}], "subqueries": [{"query_block": {"select_id": 2,
      "nested_loop": [{"table": {"table_name": "o", "access_type": "ref", "key": "k", "key_length": "4",
      "used_key_parts": ["x"], "ref": [")" +
                             reference + R"("], "rows": 2, "filtered": 100}}]}}]}})"),
                   "o")
        .relationship;
  };
  EXPECT_EQ(relationship("shop.c.id"), "SubPlan");
  EXPECT_EQ(relationship("const"), "InitPlan");
}

TEST(MariaDbPlan, IndexesThatAreCombinedAreKept) {
  const PlanNode merge = plan_named("mariadb1011/index_merge_or.analyze").root;
  ASSERT_EQ(outline(merge), "bitmap-scan orders(bitmap-scan(bitmap-scan, bitmap-scan))");
  EXPECT_EQ(merge.children[0].children[1].index, "idx_created");
  EXPECT_THAT(merge.children[0].children[1].index_columns, ElementsAre("created_at"));
  const PlanNode filtered = plan_named("mariadb1011/rowid_filter.analyze").root;
  EXPECT_EQ(filtered.index, "idx_customer");
  ASSERT_EQ(filtered.children.size(), 1U);
  EXPECT_EQ(filtered.children[0].label, "rowid_filter");
  EXPECT_EQ(filtered.children[0].index, "idx_created");
  EXPECT_EQ(filtered.children[0].actual->rows.count, 6661);
}

TEST(MariaDbPlan, WritesStandAboveWhatTheyRead) {
  const PlanNode update = plan_named("mariadb1011/update_noindex.analyze").root;
  EXPECT_EQ(outline(update), "write orders(full-index-scan orders)");
  EXPECT_EQ(update.label, "update");
  EXPECT_NEAR(update.children[0].actual->rows.count, 2398, 0.01) << "UPDATE prints no r_loops";
  EXPECT_EQ(outline(plan_named("mariadb1011/delete_range").root), "write audit_log(full-scan audit_log)");
}

// Before 10.11 tables of a join are members of one name, sorts and merged indexes too.
TEST(MariaDbPlan, OlderReleasesRepeatTheirMembers) {
  const PlanNode join = read_text(R"({"query_block": {"select_id": 1,
    "table": {"table_name": "c", "access_type": "ALL", "rows": 100, "filtered": 50},
    "table": {"table_name": "o", "access_type": "ref", "key": "k", "key_length": "4", "used_key_parts": ["x"],
      "ref": ["shop.c.id"], "rows": 3, "filtered": 100},
    "block-nl-join": {"table": {"table_name": "p", "access_type": "ALL", "rows": 10, "filtered": 100},
      "buffer_type": "incremental", "join_type": "BNL", "attached_condition": "p.sku = o.sku"}}})")
                            .root;
  EXPECT_EQ(outline(join), "join(join(full-scan c, index-scan o), materialize(full-scan p))");
  EXPECT_EQ(join.children[0].rows.count, 150);
  EXPECT_EQ(join.rows.count, 1500);
  const PlanNode merge = read_text(R"({"query_block": {"select_id": 1, "table": {"table_name": "t",
    "access_type": "index_merge", "key_length": "4,5", "index_merge": {"sort_union": {
    "range": {"key": "a", "used_key_parts": ["x"]}, "range": {"key": "b", "used_key_parts": ["y"]}}},
    "rows": 7, "filtered": 100}}})")
                             .root;
  ASSERT_EQ(outline(merge), "bitmap-scan t(bitmap-scan(bitmap-scan, bitmap-scan))");
  EXPECT_EQ(merge.children[0].children[1].index, "b");
}

// 11.x prints costs: a table's for all its loops.
TEST(MariaDbPlan, CostsArePerLoop) {
  const Plan plan = read_text(R"({"query_block": {"select_id": 1, "cost": 3.5, "nested_loop": [
    {"table": {"table_name": "o", "access_type": "ALL", "loops": 1, "rows": 10000, "cost": 1.7, "filtered": 20}},
    {"table": {"table_name": "u", "access_type": "eq_ref", "key": "PRIMARY", "key_length": "4",
      "used_key_parts": ["id"], "ref": ["shop.o.user_id"], "loops": 2000, "rows": 1, "cost": 1.8, "filtered": 100}}]}})");
  EXPECT_DOUBLE_EQ(plan.root.cost->units, 3.5);
  EXPECT_DOUBLE_EQ(plan.root.children[0].cost->units, 1.7);
  EXPECT_DOUBLE_EQ(plan.root.children[1].cost->units, 1.8 / 2000);
  EXPECT_EQ(plan.root.children[0].schema, "shop") << "as the other table's reference says";
}

TEST(MariaDbPlan, AnOperatorOfTheFutureIsToldAndItsInputsAreRead) {
  const Plan plan =
      read_text(R"({"query_block": {"select_id": 1, "r_loops": 1, "time_travel": {"nested_loop": [
    {"table": {"table_name": "t", "access_type": "teleport", "rows": 4, "filtered": 100}}]}}})");
  EXPECT_THAT(plan.unknown_nodes, testing::UnorderedElementsAre("time_travel", "teleport"));
  EXPECT_EQ(outline(plan.root), "other(other t)");
}

}  // namespace
}  // namespace planwise
