#include "analyzer/advise/candidates.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "analyzer/advise/candidates_partial.h"
#include "tests/support/advice_world.h"

namespace planwise {
namespace {

using ::testing::Contains;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::UnorderedElementsAre;

// orders(id, customer_id, status, created_at, total, shipped_at), with a primary key.
AdviceWorld shop() {
  AdviceWorld world;
  Table& orders = world.table("orders", 1'000'000,
                              {{"id", 1'000'000},
                               {"customer_id", 90'000},
                               {"status", 5},
                               {"created_at", 900'000},
                               {"total", 50'000},
                               {"shipped_at", 700'000}});
  AdviceWorld::index(orders, "orders_pkey", {"id"}).def.unique = true;
  orders.columns[5].stats->null_fraction = 0.02;
  return world;
}

std::vector<std::string> made(const AdviceWorld& world, std::size_t limit = 100) {
  std::vector<std::vector<AccessPattern>> patterns;
  for (const auto& [id, shape] : world.shapes) {
    patterns.push_back(access_patterns(shape, world.snapshot));
  }
  const KeyShares shares = count_keys(patterns);
  std::vector<std::string> names;
  for (const std::vector<AccessPattern>& statement : patterns) {
    for (const AccessPattern& pattern : statement) {
      for (const Candidate& candidate : candidates_for(pattern, shares, Engine::kPostgres, 4, limit)) {
        names.push_back(spelled(candidate.def));
      }
    }
  }
  return names;
}

TEST(Candidates, EqualityLeadsAndRangeOrOrderFollows) {
  AdviceWorld world = shop();
  world.statement(1, 1, {"orders"}, [](QueryBlock& block) {
    AdviceWorld::compare(block, "status");
    AdviceWorld::compare(block, "customer_id");
    AdviceWorld::compare(block, "total", PredicateKind::kRange);
    AdviceWorld::order(block, "created_at", true);
    block.star = true;
  });
  const std::vector<std::string> names = made(world);
  EXPECT_THAT(names, Contains("orders(customer_id, status, created_at)")) << "more distinct first";
  EXPECT_THAT(names, Contains("orders(customer_id, status, total)"));
  EXPECT_THAT(names, Contains("orders(customer_id, status, created_at, total)"));
  EXPECT_THAT(names, Each(Not(HasSubstr("orders(created_at")))) << "the order never leads a pinned column";
  EXPECT_THAT(names, Each(Not(HasSubstr("+")))) << "SELECT * is never covered";
}

TEST(Candidates, MixedDirectionsAreKeptAndMirroredOnesMadeForward) {
  AdviceWorld world = shop();
  world.statement(1, 1, {"orders"}, [](QueryBlock& block) {
    AdviceWorld::order(block, "created_at", true);
    AdviceWorld::order(block, "id");
    block.star = block.has_limit = true;
  });
  EXPECT_THAT(made(world), ElementsAre("orders(created_at, id DESC)"));
}

TEST(Candidates, BothSidesOfAJoinAreIndexed) {
  AdviceWorld world = shop();
  world.table("items", 3'000'000, {{"order_id", 1'000'000}, {"product_id", 5000}});
  world.statement(1, 1, {"orders", "items"}, [](QueryBlock& block) {
    AdviceWorld::join(block, "customer_id", "order_id");
    AdviceWorld::compare(block, "product_id", PredicateKind::kEqual, 1);
    block.star = true;
  });
  EXPECT_THAT(made(world),
              UnorderedElementsAre("orders(customer_id)", "items(product_id, order_id)",
                                   "items(order_id, product_id)", "items(order_id)", "items(product_id)"));
}

TEST(Candidates, AUniqueLookupNeedsNothing) {
  AdviceWorld world = shop();
  world.statement(1, 1, {"orders"}, [](QueryBlock& block) {
    AdviceWorld::compare(block, "id");
    AdviceWorld::compare(block, "status");
    block.star = true;
  });
  EXPECT_THAT(made(world), IsEmpty());
}

TEST(Candidates, IsNullRestrictsTheIndexInsteadOfLeadingIt) {
  AdviceWorld world = shop();
  world.statement(1, 1, {"orders"}, [](QueryBlock& block) {
    AdviceWorld::compare(block, "shipped_at", PredicateKind::kIsNull);
    AdviceWorld::order(block, "created_at");
    block.output = {AdviceWorld::column("total")};
    block.has_limit = true;
  });
  EXPECT_THAT(made(world), Contains("orders(created_at) WHERE shipped_at IS NULL"));
}

TEST(Candidates, AColumnThatIsNullInNearlyAllRowsLeadsNothing) {
  AdviceWorld world = shop();
  world.snapshot.schema.tables.front().columns[5].stats->null_fraction = 0.97;
  world.statement(1, 1, {"orders"}, [](QueryBlock& block) {
    AdviceWorld::compare(block, "customer_id");
    AdviceWorld::compare(block, "shipped_at", PredicateKind::kIsNull);
    block.star = true;
  });
  EXPECT_THAT(made(world), ElementsAre("orders(customer_id)"));
  world.snapshot.schema.tables.front().columns[5].stats->null_fraction = 0.02;
  EXPECT_THAT(made(world), Contains(HasSubstr("shipped_at"))) << "where it is rare it finds rows";
}

TEST(Candidates, APredicateThatIsAllThereIsToAskHasItsOwnColumnAsKey) {
  AdviceWorld world = shop();
  world.statement(1, 1, {"orders"}, [](QueryBlock& block) {
    AdviceWorld::compare(block, "shipped_at", PredicateKind::kIsNull);
    block.output = {AdviceWorld::column("total")};
  });
  EXPECT_THAT(made(world), Contains("orders(shipped_at) WHERE shipped_at IS NULL"));
}

class AWideColumn : public testing::TestWithParam<PredicateKind> {};

TEST_P(AWideColumn, IsNoKeyWhateverThePredicateSaysOfIt) {
  AdviceWorld world = shop();
  ColumnStats& stats = *world.snapshot.schema.tables.front().columns[5].stats;
  stats.null_fraction = 0.5;
  stats.average_width = Bytes{4000};
  world.statement(1, 1, {"orders"}, [](QueryBlock& block) {
    AdviceWorld::compare(block, "shipped_at", GetParam());
    block.output = {AdviceWorld::column("total")};
  });
  EXPECT_THAT(made(world), IsEmpty());
}
INSTANTIATE_TEST_SUITE_P(Nulls, AWideColumn,
                         testing::Values(PredicateKind::kIsNull, PredicateKind::kIsNotNull));

TEST(Candidates, AConstantThatIsOneOfManyRestrictsNothing) {
  AdviceWorld world = shop();
  const auto equals = [&](const std::string& column, const std::string& value) {
    Predicate predicate{.column = AdviceWorld::column(column), .kind = PredicateKind::kEqual};
    predicate.value = ValueKind::kConstant;
    predicate.constants = {value};
    return partial_condition(predicate, world.snapshot.schema.tables.front(), Engine::kPostgres);
  };
  EXPECT_FALSE(equals("customer_id", "4711"));
  std::vector<CommonValue>& states = world.snapshot.schema.tables.front().columns[2].stats->common_values;
  states = {
      {.value = "1", .frequency = 0.6}, {.value = "2", .frequency = 0.38}, {.value = "3", .frequency = 0.01}};
  EXPECT_FALSE(equals("status", "1")) << "most rows";
  ASSERT_TRUE(equals("status", "3"));
  EXPECT_EQ(equals("status", "3")->text, "status = 3");
  EXPECT_EQ(equals("status", "3")->fraction, 0.01);
}

TEST(Candidates, SmallPayloadIsIncludedOnlyWhenAllOfItIsKnown) {
  AdviceWorld world = shop();
  world.statement(1, 1, {"orders"}, [](QueryBlock& block) {
    AdviceWorld::compare(block, "customer_id");
    block.output = {AdviceWorld::column("total"), AdviceWorld::column("created_at")};
  });
  EXPECT_THAT(made(world), ElementsAre("orders(customer_id) +created_at +total", "orders(customer_id)"));
}

TEST(Candidates, PayloadIsBallastWhereTheHeapIsReadAllTheSame) {
  AdviceWorld world = shop();
  world.statement(1, 1, {"orders"}, [](QueryBlock& block) {
    AdviceWorld::compare(block, "customer_id");
    block.output = {AdviceWorld::column("total")};
  });
  Table& orders = world.snapshot.schema.tables[0];
  EXPECT_THAT(made(world), UnorderedElementsAre("orders(customer_id) +total", "orders(customer_id)"));
  orders.all_visible_pages = orders.pages / 4;
  EXPECT_THAT(made(world), ElementsAre("orders(customer_id)")) << "hardly vacuumed";
}

TEST(Candidates, EachBranchOfAnOrIsServedByItself) {
  AdviceWorld world = shop();
  world.statement(1, 1, {"orders"}, [](QueryBlock& block) {
    AdviceWorld::compare(block, "customer_id");
    AdviceWorld::compare(block, "total");
    block.predicates[0].or_group = block.predicates[1].or_group = 0;
    block.predicates[0].or_branch = 0;
    block.predicates[1].or_branch = 1;
    block.star = true;
  });
  EXPECT_THAT(made(world), UnorderedElementsAre("orders(customer_id)", "orders(total)"));
}

TEST(Candidates, AnExpressionIsIndexedAsTheStatementWritesIt) {
  AdviceWorld world = shop();
  world.statement(1, 1, {"orders"}, [](QueryBlock& block) {
    AdviceWorld::compare(block, "status");
    block.predicates[0].column.expression = "lower(status)";
    block.predicates[0].column.columns = {"status"};
    block.star = true;
  });
  EXPECT_THAT(made(world), ElementsAre("orders(lower(status))"));
}

TEST(Candidates, AnExpressionThatCreateIndexRefusesIsNoKey) {
  AdviceWorld world = shop();
  const auto by_day = [](QueryBlock& block) {
    AdviceWorld::compare(block, "created_at");
    block.predicates[0].column.expression = "(created_at)::date";
    block.predicates[0].column.columns = {"created_at"};
    block.star = true;
  };
  world.statement(1, 1, {"orders"}, by_day);
  Column& created_at = world.snapshot.schema.tables[0].columns[3];
  created_at.base_type = "timestamp";
  EXPECT_THAT(made(world), ElementsAre("orders((created_at)::date)"));
  created_at.base_type = "timestamptz";  // its day depends on the time zone
  EXPECT_THAT(made(world), IsEmpty());
}

TEST(Candidates, AnExpressionThatFindsFewRowsNeedsNothingBesideIt) {
  AdviceWorld world = shop();
  const auto add = [&world](std::uint64_t id, const std::string& column) {
    world.statement(id, 1, {"orders"}, [&](QueryBlock& block) {
      AdviceWorld::compare(block, column);
      block.predicates[0].column.expression = "lower(" + column + ")";
      block.predicates[0].column.columns = {column};
      AdviceWorld::compare(block, "customer_id");
    });
  };
  add(1, "created_at");  // 900,000 values in a million rows
  EXPECT_THAT(made(world), ElementsAre("orders(lower(created_at))"));
  world = shop();
  add(1, "status");  // five
  EXPECT_THAT(made(world), Contains(HasSubstr("customer_id")));
}

TEST(Candidates, AnExistingIndexIsWidenedInItsOwnOrder) {
  AdviceWorld world = shop();
  AdviceWorld::index(world.snapshot.schema.tables.front(), "orders_status_idx", {"status"});
  world.statement(1, 1, {"orders"}, [](QueryBlock& block) {
    AdviceWorld::compare(block, "status");
    AdviceWorld::compare(block, "customer_id");
    block.star = true;
  });
  EXPECT_THAT(made(world), ElementsAre("orders(customer_id, status)", "orders(status, customer_id)"));
}

TEST(Candidates, WideAndStructuredColumnsAreNoKeys) {
  Column column{.name = "c", .base_type = "jsonb"};
  EXPECT_FALSE(is_indexable(column, Engine::kPostgres));
  column.base_type = "text";
  EXPECT_TRUE(is_indexable(column, Engine::kPostgres));
  EXPECT_FALSE(is_indexable(column, Engine::kMySql)) << "needs a prefix length";
  column.stats = ColumnStats{.average_width = {1000}};
  EXPECT_FALSE(is_indexable(column, Engine::kPostgres));
}

}  // namespace
}  // namespace planwise
