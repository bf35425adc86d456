#include "analyzer/advise/write_cost.h"

#include <gtest/gtest.h>

#include "tests/support/advice_world.h"

namespace planwise {
namespace {

Candidate on_status(double fraction = 1) {
  Candidate candidate;
  candidate.def.table = {"public", "orders"};
  candidate.def.keys.push_back({.expression = "status"});
  candidate.fraction = fraction;
  return candidate;
}

AdviceWorld shop() {
  AdviceWorld world;
  Table& orders = world.table("orders", 1'000'000, {{"id", 1'000'000}, {"status", 5}, {"total", 50'000}});
  AdviceWorld::index(orders, "orders_pkey", {"id"});
  AdviceWorld::index(orders, "orders_total_idx", {"total"});
  return world;
}

TEST(WriteCost, AnInsertAddsAnEntryToWholeIndexesAndAPartToPartialOnes) {
  AdviceWorld world = shop();
  world.statement(
      500, 1, {"orders"}, [](QueryBlock&) {}, StatementKind::kInsert);
  const TableWrites writes = table_writes(world.snapshot, world.shapes).at({"public", "orders"});
  const Table& orders = world.snapshot.schema.tables.front();
  EXPECT_EQ(writes.inserted, 500);
  EXPECT_EQ(entries_added(on_status(), orders, writes), 500);
  EXPECT_EQ(entries_added(on_status(0.1), orders, writes), 50);
}

TEST(WriteCost, AnIndexOnAnUpdatedColumnEndsHotUpdates) {
  AdviceWorld world = shop();
  world.statement(
      100, 1, {"orders"}, [](QueryBlock&) {}, StatementKind::kUpdate);
  world.shapes.begin()->second.written_columns = {"status"};
  Table& orders = world.snapshot.schema.tables.front();
  orders.counters = TableCounters{.updates = 100, .hot_updates = 80};
  world.snapshot.schema.counters = world.snapshot.workload.window;
  const TableWrites writes = table_writes(world.snapshot, world.shapes).at({"public", "orders"});
  EXPECT_EQ(writes.hot_share, 0.8);
  EXPECT_EQ(entries_added(on_status(), orders, writes), 20 + 80 * 3) << "one in each index of the table";
  Candidate other = on_status();
  other.def.keys[0].expression = "total";
  EXPECT_EQ(entries_added(other, orders, writes), 20) << "updates of status stay HOT";
}

TEST(WriteCost, CountersAreBroughtToTheWindowOfTheWorkload) {
  AdviceWorld world = shop();
  world.snapshot.schema.counters = Window{.from = world.snapshot.workload.window.from,
                                          .to = world.snapshot.workload.window.from + std::chrono::hours{10}};
  world.snapshot.schema.tables.front().counters = TableCounters{.inserts = 5000};
  EXPECT_EQ(table_writes(world.snapshot, world.shapes).at({"public", "orders"}).inserted, 500);
}

// A million rows restored from a dump nine hours before the workload's hour.
AdviceWorld restored(std::int64_t modified_since_analyze) {
  AdviceWorld world = shop();
  const Window& window = world.snapshot.workload.window;
  world.snapshot.schema.counters = Window{.from = window.to - std::chrono::hours{10}, .to = window.to};
  world.snapshot.schema.tables.front().counters =
      TableCounters{.inserts = 1'010'000,
                    .deletes = 10'000,
                    .live_rows = 1'000'000,
                    .modified_since_analyze = modified_since_analyze,
                    .last_analyze = window.to - std::chrono::hours{2}};
  return world;
}

TEST(WriteCost, ALoadThatTheCountersSawIsNoSteadyInsert) {
  AdviceWorld idle = restored(0);
  EXPECT_EQ(table_writes(idle.snapshot, idle.shapes).at({"public", "orders"}).inserted, 0);
  AdviceWorld busy = restored(3'000);
  EXPECT_EQ(table_writes(busy.snapshot, busy.shapes).at({"public", "orders"}).inserted, 1'500);
}

TEST(WriteCost, CountersThatBeganLaterAreARate) {
  AdviceWorld world = restored(0);
  world.snapshot.schema.tables.front().counters->live_rows = 5'000'000;
  EXPECT_EQ(table_writes(world.snapshot, world.shapes).at({"public", "orders"}).inserted, 101'000);
}

TEST(WriteCost, OverheadIsInBytesWritten) {
  AdviceWorld world = shop();
  const Table& orders = world.snapshot.schema.tables.front();
  const TableWrites writes{.inserted = 1000};
  // A row of 28 + 12 bytes and two entries of 16; one entry of 16 more.
  EXPECT_DOUBLE_EQ(write_overhead(on_status(), orders, writes), 16.0 / (40 + 32));
  EXPECT_EQ(write_overhead(on_status(), orders, {}), 0);
}

}  // namespace
}  // namespace planwise
