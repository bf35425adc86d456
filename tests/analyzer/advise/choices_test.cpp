#include "analyzer/advise/choices.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/advice_shop.h"

namespace planwise {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

TEST(Choices, AHurriedSearchStillProposesWhatItHas) {
  AdviceWorld world = shop();
  add_reads(world);
  AdviseOptions options;
  int rounds = 0;
  options.hurry = [&rounds] { return ++rounds > 4; };
  const Advice advice = advice_for(world, options);
  EXPECT_FALSE(advice.complete);
  EXPECT_THAT(advice.proposals, Not(IsEmpty()));
}

TEST(Choices, EveryCostedStatementHasAChoice) {
  AdviceWorld world = shop();
  add_reads(world);
  const Advice advice = advice_for(world);
  ASSERT_THAT(advice.choices, SizeIs(world.snapshot.workload.statements.size()));
  for (const auto& [id, choice] : advice.choices) {
    EXPECT_LE(choice.saved_low, choice.saved);
    EXPECT_LE(choice.saved, choice.saved_high);
    EXPECT_NE(choice.uses.empty(), choice.reason.empty()) << "an index, or why there is none";
  }
}

TEST(Choices, AnotherStatementNeverTakesAGainInSilence) {
  AdviceWorld world = shop();
  add_reads(world);
  const Advice before = advice_for(world);
  world.statement(100'000, 20, {"items"}, [](QueryBlock& block) {
    AdviceWorld::compare(block, "order_id");
    block.star = true;
  });
  const Advice after = advice_for(world);
  for (const auto& [id, choice] : before.choices) {
    EXPECT_TRUE(!after.choices.at(id).uses.empty() || !after.choices.at(id).reason.empty());
  }
}

TEST(Choices, ATableThatDoesNotExistIsSaid) {
  AdviceWorld world = shop();
  add_reads(world);
  AdviseOptions options;
  options.only_tables = {{"", "orders"}, {"", "odrers"}};
  const Advice advice = advice_for(world, options);
  ASSERT_THAT(advice.gaps, SizeIs(1));
  EXPECT_THAT(advice.gaps.front().why, HasSubstr("odrers"));
  for (const IndexProposal& proposal : advice.proposals) {
    EXPECT_EQ(proposal.def.table.table, "orders");
  }
}

}  // namespace
}  // namespace planwise
