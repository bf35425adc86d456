#include "analyzer/advise/cost_cache.h"

#include <gtest/gtest.h>

#include "tests/support/advice_world.h"
#include "tests/support/fake_what_if.h"

namespace planwise {
namespace {

class CostCacheTest : public ::testing::Test {
 protected:
  CostCacheTest() {
    for (const std::string name : {"a", "b"}) {
      world_.table(name, 100'000, {{"x", 1000}, {"y", 10}});
      const StatementId id = world_.statement(1, 1, {name}, [](QueryBlock& block) {
        AdviceWorld::compare(block, "x");
        block.star = true;
      });
      statements_.push_back({.id = id, .columns = {{{"public", name}, {"x"}}}});
    }
    for (const auto& [table, key] : {std::pair("a", "x"), {"a", "y"}, {"b", "x"}}) {
      Candidate candidate;
      candidate.def.table = {"public", table};
      candidate.def.keys.push_back({.expression = key});
      pool_.add(std::move(candidate));
    }
  }

  CostCache cache(std::int64_t limit = 100) {
    CostCache made(what_if_, world_.snapshot, pool_, statements_);
    made.set_limit(limit);
    return made;
  }

  AdviceWorld world_;
  FakeWhatIf what_if_{world_.snapshot, world_.shapes};
  CandidatePool pool_;
  std::vector<CostedStatement> statements_;
};

TEST_F(CostCacheTest, OneCandidateHasOnePlace) {
  EXPECT_EQ(pool_.add(pool_[1]), 1);
  EXPECT_EQ(pool_.size(), 3);
}

TEST_F(CostCacheTest, IndexesOfOtherTablesOrColumnsAreNoQuestion) {
  CostCache costs = cache();
  EXPECT_EQ(costs.relevant(0, {0, 1, 2}), CandidateSet{0});
  costs.ask({{0, {0}}});
  EXPECT_EQ(costs.questions(), 1);
  costs.ask({{0, {0, 1, 2}}, {0, {0, 2}}});
  EXPECT_EQ(costs.questions(), 1);
}

TEST_F(CostCacheTest, APlanHoldsForEverySetBetweenWhatItReadsAndWhatItWasOffered) {
  statements_[0].columns[{"public", "a"}].insert("y");
  CostCache costs = cache();
  costs.ask({{0, {0, 1}}});
  ASSERT_NE(costs.find(0, {0, 1}), nullptr);
  EXPECT_EQ(costs.find(0, {0, 1})->used, CandidateSet{0});
  EXPECT_NE(costs.find(0, {0}), nullptr) << "nothing it reads is gone";
  EXPECT_EQ(costs.find(0, {1}), nullptr) << "what it reads is gone";
}

TEST_F(CostCacheTest, TheLimitLeavesQuestionsOpen) {
  CostCache costs = cache(1);
  costs.ask({{0, {}}, {1, {}}});
  EXPECT_TRUE(costs.exhausted());
  EXPECT_NE(costs.find(0, {}), nullptr);
  EXPECT_EQ(costs.find(1, {}), nullptr);
}

TEST_F(CostCacheTest, ALostSessionIsAnErrorAndKeepsWhatWasLearnt) {
  CostCache costs = cache();
  costs.ask({{0, {}}});
  what_if_.fails_after = 1;
  costs.ask({{1, {}}});
  EXPECT_TRUE(costs.lost());
  EXPECT_NE(costs.find(0, {}), nullptr);
}

}  // namespace
}  // namespace planwise
