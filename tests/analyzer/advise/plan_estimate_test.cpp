#include "analyzer/advise/plan_estimate.h"

#include <gtest/gtest.h>

#include <utility>

namespace planwise {
namespace {

// 100,000 orders of 1,000 customers in 5 states.
Table orders() {
  Table table;
  table.name = {"public", "orders"};
  table.rows = Rows{100'000};
  table.pages = 1'000;
  for (const auto& [name, distinct] :
       {std::pair("customer_id", 1'000.0), {"state", 5.0}, {"placed_at", 90'000.0}}) {
    Column column{.name = name, .base_type = "int4"};
    column.stats = ColumnStats{};
    column.stats->distinct = distinct;
    table.columns.push_back(std::move(column));
  }
  return table;
}

Candidate index_on(std::vector<std::string> columns) {
  Candidate candidate;
  candidate.def.table = {"public", "orders"};
  for (std::string& column : columns) {
    candidate.def.keys.push_back({.expression = std::move(column)});
  }
  return candidate;
}

// 20 orders of one customer in one state, by an index on both.
IndexRead lookup(std::string condition) {
  IndexRead read;
  read.indexes = {"hypothetical"};
  read.condition = std::move(condition);
  read.rows = 20;
  read.work = {.cpu = 0.35, .random_pages = 20};
  return read;
}

TEST(PlanEstimate, AFullScanReadsEveryPageOnceHoweverManyOuterRowsThereAre) {
  IndexRead read = lookup("(customer_id = c.id)");
  const auto once = by_full_scan(read, orders());
  ASSERT_TRUE(once);
  EXPECT_EQ(once->sequential_pages, 1'000);
  EXPECT_EQ(once->random_pages, 0);
  read.loops = 500;
  const auto hashed = by_full_scan(read, orders());
  ASSERT_TRUE(hashed);
  EXPECT_EQ(hashed->sequential_pages, 1'000);
  EXPECT_GT(hashed->cpu, once->cpu);
  EXPECT_LT(hashed->cpu, 2 * once->cpu);
}

TEST(PlanEstimate, WhatTheIndexGaveInOrderMustBeSorted) {
  IndexRead read = lookup("");
  read.rows = 100'000;
  const auto unordered = by_full_scan(read, orders());
  read.ordered = true;
  const auto sorted = by_full_scan(read, orders());
  ASSERT_TRUE(unordered && sorted);
  EXPECT_GT(sorted->cpu, unordered->cpu + 5'000);
}

TEST(PlanEstimate, NothingIsSaidOfASubPlanThatRunsWhoKnowsHowOften) {
  IndexRead read = lookup("(customer_id = o.customer_id)");
  read.correlated = true;
  EXPECT_FALSE(by_full_scan(read, orders()));
  EXPECT_FALSE(by_index(read, index_on({"customer_id"}), index_on({"customer_id", "state"}), orders()));
}

TEST(PlanEstimate, AnIndexThatKnowsFewerConditionsReadsMore) {
  const IndexRead read = lookup("((customer_id = $1) AND (state = 3))");
  const Candidate both = index_on({"customer_id", "state"});
  const auto narrower = by_index(read, both, index_on({"customer_id"}), orders());
  ASSERT_TRUE(narrower);
  EXPECT_NEAR(narrower->random_pages, 100, 1e-9) << "five states";
  const auto other_order = by_index(read, both, index_on({"state", "customer_id", "placed_at"}), orders());
  ASSERT_TRUE(other_order);
  EXPECT_NEAR(other_order->random_pages, 20, 1e-9);
  EXPECT_FALSE(by_index(read, both, index_on({"placed_at", "customer_id"}), orders()));
}

TEST(PlanEstimate, AColumnOfAnotherTableIsNotTheKey) {
  const IndexRead read = lookup("(customer_id = c.state)");
  EXPECT_FALSE(by_index(read, index_on({"customer_id"}), index_on({"state"}), orders()));
}

TEST(PlanEstimate, AnIndexThatGaveOnlyOrderIsReplacedByOneThatGivesIt) {
  IndexRead read = lookup("");
  read.ordered = true;
  const Candidate by_time = index_on({"placed_at"});
  EXPECT_TRUE(by_index(read, by_time, index_on({"placed_at", "state"}), orders()));
  EXPECT_FALSE(by_index(read, by_time, index_on({"state", "placed_at"}), orders()));
}

TEST(PlanEstimate, WithoutItsPayloadTheHeapIsVisited) {
  IndexRead read = lookup("(customer_id = 7)");
  read.covering = true;
  read.work = {.cpu = 0.35, .random_pages = 1};
  Candidate covering = index_on({"customer_id"});
  covering.def.include = {"state"};
  const auto bare = by_index(read, covering, index_on({"customer_id"}), orders());
  const auto wider = by_index(read, covering, index_on({"customer_id", "state"}), orders());
  ASSERT_TRUE(bare && wider);
  EXPECT_NEAR(bare->random_pages, 21, 1e-9);
  EXPECT_NEAR(wider->random_pages, 1, 1e-9);
}

TEST(PlanEstimate, APartialIndexStandsInForNoWholeOne) {
  const IndexRead read = lookup("(customer_id = 7)");
  Candidate partial = index_on({"customer_id"});
  partial.def.predicate = "state = 3";
  partial.fraction = 0.2;
  EXPECT_FALSE(by_index(read, index_on({"customer_id"}), partial, orders()));
  const auto whole = by_index(read, partial, index_on({"customer_id"}), orders());
  ASSERT_TRUE(whole);
  EXPECT_NEAR(whole->random_pages, 100, 1e-9);
}

}  // namespace
}  // namespace planwise
