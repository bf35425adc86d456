// Costs of PostgreSQL 15.18's planner, recorded, and what must hold whatever the numbers are.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "analyzer/advise/limit_risk.h"
#include "tests/analyzer/cost_model/recorded_world.h"

namespace planwise {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

struct Recorded {
  const char* sql;
  double cost;
  double within = 0.05;  // of the planner's cost
};

class PlannerCost : public testing::TestWithParam<Recorded> {};

TEST_P(PlannerCost, AgreesWithTheServer) {
  RecordedWorld world;
  const double cost = world.cost(GetParam().sql);
  EXPECT_NEAR(cost, GetParam().cost, GetParam().within * GetParam().cost) << GetParam().sql;
}

INSTANTIATE_TEST_SUITE_P(
    Scans, PlannerCost,
    testing::Values(Recorded{"SELECT note FROM orders WHERE id = 5", 8.44},
                    Recorded{"SELECT note FROM orders WHERE id < 1000", 49.11, 0.1},
                    Recorded{"SELECT note FROM orders WHERE id BETWEEN 100000 AND 120000", 903.46, 0.1},
                    Recorded{"SELECT note FROM orders WHERE customer = 5", 79.50},
                    Recorded{"SELECT note FROM orders WHERE state = 3 AND amount < 50", 1961.55},
                    Recorded{"SELECT count(*) FROM orders WHERE state = 3 AND amount = 77", 4.75},
                    Recorded{"SELECT note FROM orders WHERE customer IN (1, 2, 3)", 227.18},
                    Recorded{"SELECT note FROM orders WHERE customer = 5 OR id = 77", 87.61},
                    Recorded{"SELECT note FROM orders WHERE amount = 5", 2792.28},
                    Recorded{"SELECT note FROM orders WHERE note <> 'y'", 5167.00}));
INSTANTIATE_TEST_SUITE_P(
    OrderAndGroups, PlannerCost,
    testing::Values(Recorded{"SELECT note FROM orders WHERE state = 3 ORDER BY amount LIMIT 10", 5.78},
                    Recorded{"SELECT note FROM orders ORDER BY amount LIMIT 10", 8988.95},
                    Recorded{"SELECT note FROM orders ORDER BY amount", 30980.64},
                    Recorded{"SELECT customer, sum(amount) FROM orders GROUP BY customer", 5767.24},
                    Recorded{"SELECT max(id) FROM orders", 0.46}));
INSTANTIATE_TEST_SUITE_P(
    Joins, PlannerCost,
    testing::Values(
        Recorded{"SELECT o.note FROM customers c JOIN orders o ON o.customer = c.id WHERE c.city = 7",
                 5374.72},
        Recorded{"SELECT o.note FROM customers c JOIN orders o ON o.customer = c.id WHERE c.id < 20", 1526.41,
                 0.1},
        Recorded{"SELECT o.note FROM customers c JOIN orders o ON o.customer = c.id", 5472.22},
        Recorded{"SELECT name FROM customers c WHERE EXISTS "
                 "(SELECT 1 FROM orders o WHERE o.customer = c.id AND o.amount = 5)",
                 2980.68, 0.1},
        Recorded{
            "SELECT name FROM customers c WHERE NOT EXISTS (SELECT 1 FROM orders o WHERE o.customer = c.id)",
            3702.93, 0.1},
        Recorded{"SELECT (SELECT max(amount) FROM orders o WHERE o.customer = c.id) FROM customers c WHERE "
                 "c.city = 3",
                 16092.83}));

constexpr const char* kStatements[] = {
    "SELECT note FROM orders WHERE amount = 5",
    "SELECT note FROM orders WHERE state = 3 ORDER BY amount DESC LIMIT 10",
    "SELECT state, count(*) FROM orders WHERE amount > 900 GROUP BY state",
    "SELECT o.note FROM customers c JOIN orders o ON o.customer = c.id WHERE c.city = 7 AND o.state = 1",
    "SELECT name FROM customers WHERE id IN (SELECT customer FROM orders WHERE amount = 5)",
    "UPDATE orders SET note = 'x' WHERE amount = 7 AND state = 2",
};

TEST(Planner, AnIndexMoreNeverRaisesACost) {
  const IndexDef indexes[] = {RecordedWorld::index("orders", {"amount"}),
                              RecordedWorld::index("orders", {"amount", "customer"}, {"note"}),
                              RecordedWorld::index("orders", {"customer", "amount"}),
                              RecordedWorld::index("orders", {"amount"}, {}, "state = 3"),
                              RecordedWorld::index("customers", {"city"})};
  for (const char* sql : kStatements) {
    RecordedWorld world;
    IndexSet set;
    double before = world.cost(sql);
    for (const IndexDef& index : indexes) {
      set.added.push_back(index);
      const double after = world.cost(sql, set);
      EXPECT_LE(after, before * 1.011) << sql;  // paths within a hundredth count as equal
      before = after;
    }
  }
}

TEST(Planner, WithoutIndexesNothingGetsCheaper) {
  for (const char* sql : kStatements) {
    RecordedWorld world;
    IndexSet hidden;
    hidden.removed = {{"public", "orders_id"},
                      {"public", "orders_customer"},
                      {"public", "orders_state_amount"},
                      {"public", "customers_id"}};
    EXPECT_GE(world.cost(sql, hidden), world.cost(sql)) << sql;
  }
}

TEST(Planner, TellsWhichIndexesItReads) {
  RecordedWorld world;
  const StatementCost answer = world.ask(
      "SELECT note FROM orders WHERE amount = 5",
      {{RecordedWorld::index("customers", {"city"}), RecordedWorld::index("orders", {"amount"})}, {}});
  EXPECT_THAT(answer.used, ElementsAre(1));
  EXPECT_THAT(answer.used_existing, IsEmpty());
  EXPECT_THAT(world.ask("SELECT note FROM orders WHERE id = 5").used_existing, ElementsAre("orders_id"));
}

TEST(Planner, APartialIndexServesOnlyWhatItsConditionFollowsFrom) {
  RecordedWorld world;
  const IndexSet rare{{RecordedWorld::index("orders", {"amount"}, {}, "state = 3")}, {}};
  EXPECT_THAT(world.ask("SELECT note FROM orders WHERE state = 3 AND amount = 7", rare).used, ElementsAre(0));
  EXPECT_THAT(world.ask("SELECT note FROM orders WHERE state = 4 AND amount = 7", rare).used, IsEmpty());
  EXPECT_THAT(world.ask("SELECT note FROM orders WHERE state = $1 AND amount = 7", rare).used, IsEmpty());
  EXPECT_THAT(world.ask("SELECT note FROM orders WHERE amount = 7", rare).used, IsEmpty());
}

TEST(Planner, ScalesByTheServersCostForTheIndexesThatExist) {
  RecordedWorld world;
  const std::string sql = "SELECT note FROM orders WHERE amount = 5";
  const double ratio = world.cost(sql, {{RecordedWorld::index("orders", {"amount"})}, {}}) / world.cost(sql);
  const StatementId id = world.statement(sql);
  Plan plan;
  plan.root.cost = PlanCost{50'000};
  world.snapshot.plans[id].plan = plan;
  CostModelWhatIf model(world.snapshot, world.shapes);
  EXPECT_NEAR(model.costs({&id, 1}, {}, false)->at(0).cost->units, 50'000, 1);
  const IndexSet set{{RecordedWorld::index("orders", {"amount"})}, {}};
  EXPECT_NEAR(model.costs({&id, 1}, set, false)->at(0).cost->units, 50'000 * ratio, 50);
}

TEST(Planner, TheServersRowsCorrectWhatWasGuessed) {
  const std::string sql = "SELECT note FROM orders WHERE md5(note) = 'x'";
  RecordedWorld world;
  const StatementId id = world.statement(sql);
  Plan plan;
  plan.root = {.kind = NodeKind::kFullScan, .schema = "public", .table = "orders", .alias = "orders"};
  plan.root.rows = Rows{40'000};
  plan.root.cost = PlanCost{5'000};
  world.snapshot.plans[id].plan = plan;
  CostModelWhatIf model(world.snapshot, world.shapes);
  const auto answer = model.costs({&id, 1}, {}, true);
  EXPECT_NEAR(answer->at(0).plan->root.rows.count, 40'000, 1);
}

TEST(Planner, AWalkInOrderThatLeavesItsFilterToChanceIsSeenByTheLimitsCaution) {
  RecordedWorld world;
  const StatementCost answer =
      world.ask("SELECT note FROM orders WHERE customer < 100 ORDER BY amount LIMIT 5",
                {{RecordedWorld::index("orders", {"amount"})}, {}}, true);
  ASSERT_THAT(answer.used, ElementsAre(0));
  EXPECT_GT(cautious_cost(*answer.plan, world.snapshot.schema).units, 10 * answer.cost->units);
}

TEST(Planner, RefusesWhatItCannotJudge) {
  RecordedWorld world;
  EXPECT_THAT(world.ask("SELECT * FROM generate_series(1, 5) n").error, HasSubstr("function"));
  EXPECT_THAT(world.ask("SELECT * FROM elsewhere").error, HasSubstr("elsewhere"));
  EXPECT_THAT(
      world.ask("WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM r) SELECT * FROM r").error,
      HasSubstr("recursive"));
  EXPECT_THAT(world.ask("SELECT FROM WHERE").error, HasSubstr("could not be read"));
  world.table("orders").columns[3].stats.reset();
  EXPECT_THAT(world.ask("SELECT note FROM orders WHERE amount = 5").error, HasSubstr("no statistics"));
  world.table("orders").rows.reset();
  EXPECT_THAT(world.ask("SELECT note FROM orders").error, HasSubstr("never analysed"));
}

TEST(Planner, JoinsOfAsManyTablesAsAreTriedAreCosted) {
  std::string sql = "SELECT 1 FROM orders o0";
  for (int i = 1; i < 8; ++i) {
    const std::string name = "o" + std::to_string(i);
    sql += " JOIN orders " + name + " ON " + name + ".id = o0.customer";
  }
  RecordedWorld world;
  EXPECT_GT(world.cost(sql + " WHERE o0.state = 3"), 0);
}

}  // namespace
}  // namespace planwise
