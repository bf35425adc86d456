#include "analyzer/advise/plan_work.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <utility>

namespace planwise {
namespace {

Schema orders() {
  Schema schema;
  schema.search_path = {"public"};
  Table table;
  table.name = {"public", "orders"};
  table.rows = Rows{100'000};
  table.pages = 1'000;
  schema.tables.push_back(std::move(table));
  return schema;
}

PlanNode scan(NodeKind kind, double cost, double rows) {
  PlanNode node{.kind = kind, .schema = "public", .table = "orders"};
  node.cost = PlanCost{cost};
  node.rows = Rows{rows};
  return node;
}

TEST(PlanWork, PagesAtThePlannersPricesGiveThePlannersCost) {
  const Plan plan{.root = scan(NodeKind::kFullScan, 2'250, 100'000)};
  const PlanWork work = work_of(plan, orders(), {}).work;
  EXPECT_EQ(work.sequential_pages, 1'000);
  EXPECT_EQ(work.cpu, 1'250);
  EXPECT_EQ(work.units({1, 4}), 2'250);
  EXPECT_LT(work.units(kCached), 1'300);
}

TEST(PlanWork, TheInnerSideOfANestedLoopRunsForEveryOuterRow) {
  Plan plan{.root = {.kind = NodeKind::kJoin, .join = JoinMethod::kNestedLoop, .cost = PlanCost{3'100}}};
  plan.root.children.push_back(scan(NodeKind::kFullScan, 2'250, 100));
  plan.root.children.push_back(scan(NodeKind::kIndexScan, 8.5, 1));
  const PlanWork work = work_of(plan, orders(), {}).work;
  EXPECT_EQ(work.sequential_pages, 1'000);
  EXPECT_NEAR(work.random_pages, 100 * (8.5 - 0.0175) / 4, 1e-6);
  EXPECT_NEAR(work.units({1, 4}), 3'100, 1e-6) << "nothing is counted twice";
}

TEST(PlanWork, WhatALimitCutsOffIsNotCounted) {
  Plan plan{.root = {.kind = NodeKind::kLimit, .cost = PlanCost{22.5}}};
  plan.root.children.push_back(scan(NodeKind::kFullScan, 2'250, 100'000));
  EXPECT_NEAR(work_of(plan, orders(), {}).work.sequential_pages, 10, 1e-6);
}

TEST(PlanWork, TellsWhatIsReadByIndexesAndWhatOfTheWorkThatIs) {
  Plan plan{.root = {.kind = NodeKind::kJoin, .join = JoinMethod::kNestedLoop, .cost = PlanCost{3'100}}};
  plan.root.children.push_back(scan(NodeKind::kFullScan, 2'250, 100));
  PlanNode heap = scan(NodeKind::kBitmapScan, 8.5, 2);
  PlanNode entries{.kind = NodeKind::kBitmapScan, .index = "orders_customer_id", .cost = PlanCost{4.5}};
  entries.index_condition = "(customer_id = c.id)";
  heap.children.push_back(entries);
  plan.root.children.push_back(heap);
  const PlanReading reading = work_of(plan, orders(), {});
  ASSERT_EQ(reading.reads.size(), 1) << "a bitmap scan and its index are one place";
  const IndexRead& read = reading.reads.front();
  EXPECT_THAT(read.indexes, testing::ElementsAre("orders_customer_id"));
  EXPECT_EQ(read.condition, "(customer_id = c.id)");
  EXPECT_EQ(read.loops, 100);
  EXPECT_EQ(read.rows, 200);
  EXPECT_NEAR(read.work.units({1, 4}), 850, 1e-6);
  EXPECT_FALSE(read.ordered);
  EXPECT_FALSE(read.correlated);
}

TEST(PlanWork, ReadsOfASubPlanAreMarkedBecauseTheirRunsAreNotTold) {
  Plan plan{.root = scan(NodeKind::kFullScan, 9'000, 1'000)};
  PlanNode sub = scan(NodeKind::kIndexScan, 8, 1);
  sub.relationship = "SubPlan";
  sub.index = "orders_customer_id";
  plan.root.children.push_back(sub);
  const PlanReading reading = work_of(plan, orders(), {});
  ASSERT_EQ(reading.reads.size(), 1);
  EXPECT_TRUE(reading.reads.front().correlated);
}

TEST(MeasuredPageTimes, AStatementsOwnBuffersComeBeforeTheDatabases) {
  Snapshot snapshot;
  EXPECT_FALSE(measured_page_times({}, snapshot));
  snapshot.database = DatabaseCounters{.blocks_hit = 50, .blocks_read = 50};
  StatementStats cached;
  cached.blocks_hit = 100;
  cached.blocks_read = 0;
  EXPECT_EQ(measured_page_times(cached, snapshot)->random, kCached.random);
  EXPECT_GT(measured_page_times({}, snapshot)->random, kCached.random);
  StatementStats slow = cached;
  slow.blocks_read = 100;
  slow.io_time = Millis{20};
  EXPECT_GT(measured_page_times(slow, snapshot)->random, 5) << "0.2 ms a read";
}

}  // namespace
}  // namespace planwise
