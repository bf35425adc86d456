// A shop's tables and the statements that read them, and the advice for a described world.
#pragma once

#include <gtest/gtest.h>

#include <utility>

#include "analyzer/advise/advisor.h"
#include "tests/support/advice_world.h"
#include "tests/support/fake_what_if.h"

namespace planwise {

inline AdviceWorld shop() {
  AdviceWorld world;
  AdviceWorld::index(
      world.table("customers", 100'000, {{"id", 100'000}, {"email", 100'000}, {"country", 50}}),
      "customers_pkey", {"id"})
      .def.unique = true;
  AdviceWorld::index(
      world.table("orders", 1'000'000,
                  {{"id", 1'000'000}, {"customer_id", 90'000}, {"status", 5}, {"created_at", 900'000}}),
      "orders_pkey", {"id"})
      .def.unique = true;
  AdviceWorld::index(
      world.table("items", 3'000'000, {{"id", 3'000'000}, {"order_id", 1'000'000}, {"product_id", 5000}}),
      "items_pkey", {"id"})
      .def.unique = true;
  return world;
}

inline void add_reads(AdviceWorld& world) {
  world.statement(1000, 80, {"orders"}, [](QueryBlock& block) {
    AdviceWorld::compare(block, "customer_id");
    AdviceWorld::order(block, "created_at", true);
    block.star = block.has_limit = true;
  });
  world.statement(800, 90, {"orders"}, [](QueryBlock& block) {
    AdviceWorld::compare(block, "status");
    AdviceWorld::compare(block, "customer_id");
    block.star = true;
  });
  world.statement(500, 40, {"customers"}, [](QueryBlock& block) {
    AdviceWorld::compare(block, "email");
    block.star = true;
  });
  world.statement(300, 200, {"orders", "items"}, [](QueryBlock& block) {
    AdviceWorld::compare(block, "customer_id");
    AdviceWorld::join(block, "id", "order_id");
    block.star = true;
  });
  world.statement(50, 500, {"items"}, [](QueryBlock& block) {
    AdviceWorld::compare(block, "product_id");
    block.output = {AdviceWorld::column("order_id")};
  });
}

inline Advice advice_for(const AdviceWorld& world, const AdviseOptions& options = {}) {
  FakeWhatIf what_if(world.snapshot, world.shapes);
  Result<Advice> advice = advise(world.snapshot, world.shapes, what_if, options);
  EXPECT_TRUE(advice);
  return advice ? *std::move(advice) : Advice{};
}

}  // namespace planwise
