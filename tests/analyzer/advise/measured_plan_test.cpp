#include "analyzer/advise/measured_plan.h"

#include <gtest/gtest.h>

namespace planwise {
namespace {

using namespace std::chrono_literals;

constexpr StatementId kId{7};

// 1,000 calls in the last hour of a statement that reads orders by an index scanned `scans` times.
Snapshot snapshot(std::int64_t scans) {
  Snapshot made;
  made.taken_at = TimePoint(10h);
  made.workload.window = {TimePoint(9h), TimePoint(10h)};
  made.schema.counters = Window{TimePoint(1h), TimePoint(10h)};
  Table orders;
  orders.name = {"public", "orders"};
  Index index;
  index.name = "orders_customer_id_idx";
  index.scans = scans;
  orders.indexes.push_back(index);
  made.schema.tables.push_back(orders);
  Statement statement;
  statement.id = kId;
  statement.stats.calls = 1000;
  made.workload.statements.push_back(statement);
  PlanNode scan;
  scan.kind = NodeKind::kIndexScan;
  scan.schema = "public";
  scan.table = "orders";
  scan.index = index.name;
  made.plans[kId].plan = Plan{.root = scan};
  return made;
}

bool told(const Snapshot& made) {
  return measured_under_another_plan(made.workload.statements.front(), made);
}

TEST(MeasuredPlan, AnIndexBuiltAfterTheCallsWasNotScannedByThem) {
  EXPECT_TRUE(told(snapshot(0)));
  EXPECT_TRUE(told(snapshot(499)));
  EXPECT_FALSE(told(snapshot(1000)));
}

TEST(MeasuredPlan, CountersThatBeganLaterProveNothing) {
  Snapshot made = snapshot(0);
  made.schema.counters->from = TimePoint(9h + 30min);
  EXPECT_FALSE(told(made));
  made.schema.counters.reset();
  EXPECT_FALSE(told(made));
}

TEST(MeasuredPlan, TheInnerSideOfAJoinMayNeverRun) {
  Snapshot made = snapshot(0);
  PlanNode join;
  join.kind = NodeKind::kJoin;
  PlanNode outer;
  outer.kind = NodeKind::kFullScan;
  join.children = {outer, made.plans[kId].plan->root};
  made.plans[kId].plan->root = join;
  EXPECT_FALSE(told(made));
}

TEST(MeasuredPlan, WhatHasNoPlanIsTakenAsMeasured) {
  Snapshot made = snapshot(0);
  made.plans.clear();
  EXPECT_FALSE(told(made));
}

}  // namespace
}  // namespace planwise
