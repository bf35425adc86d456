#include "analyzer/advise/limit_risk.h"

#include <gtest/gtest.h>

#include <utility>

namespace planwise {
namespace {

Schema orders() {
  Schema schema;
  schema.search_path = {"public"};
  Table table;
  table.name = {"public", "orders"};
  table.rows = Rows{1'000'000};
  table.indexes.push_back({.name = "orders_created_at_idx"});
  schema.tables.push_back(std::move(table));
  return schema;
}

// Limit (cost 50) over an index scan (cost 40,000).
Plan walk_in_order(const std::string& index, const std::string& condition, double rows) {
  PlanNode scan{.kind = NodeKind::kIndexScan, .schema = "public", .table = "orders", .index = index};
  scan.index_condition = condition;
  scan.filter = "status = '?'";
  scan.rows = Rows{rows};
  scan.cost = PlanCost{40'000};
  Plan plan{.root = {.kind = NodeKind::kLimit, .cost = PlanCost{50}}};
  plan.root.children.push_back(std::move(scan));
  return plan;
}

TEST(LimitRisk, AFilteredWalkInANewIndexCostsAllOfIt) {
  EXPECT_EQ(cautious_cost(walk_in_order("hypothetical", "", 20'000), orders()).units, 40'000);
}

TEST(LimitRisk, AFilterThatKeepsAQuarterFindsItsRowsSoon) {
  EXPECT_EQ(cautious_cost(walk_in_order("hypothetical", "", 250'000), orders()).units, 50);
}

TEST(LimitRisk, AConditionOnTheIndexBoundsTheWalk) {
  EXPECT_EQ(cautious_cost(walk_in_order("hypothetical", "customer_id = '?'", 20), orders()).units, 50);
}

TEST(LimitRisk, WhatThePlannerDoesTodayIsTakenAsItIs) {
  EXPECT_EQ(cautious_cost(walk_in_order("orders_created_at_idx", "", 20'000), orders()).units, 50);
}

TEST(LimitRisk, APartialIndexHoldsOnlyWantedRows) {
  Plan plan = walk_in_order("hypothetical", "", 20'000);
  plan.root.children.front().filter.clear();
  EXPECT_EQ(cautious_cost(plan, orders()).units, 50);
}

TEST(LimitRisk, ASortBelowTheLimitReadsAllOfItAnyway) {
  Plan plan = walk_in_order("hypothetical", "", 20'000);
  PlanNode sort{.kind = NodeKind::kSort, .cost = PlanCost{41'000}};
  sort.children = std::move(plan.root.children);
  plan.root.children = {sort};
  EXPECT_EQ(cautious_cost(plan, orders()).units, 50);
  plan.root.children.front().presorted_keys = {"created_at"};
  EXPECT_EQ(cautious_cost(plan, orders()).units, 41'000) << "an incremental sort streams";
}

}  // namespace
}  // namespace planwise
