#include "analyzer/advise/gain_interval.h"

#include <gtest/gtest.h>

namespace planwise {
namespace {

CostAnswer answer(double cost, double random_pages, int joins, CandidateSet used) {
  CostAnswer made{.known = true, .cost = cost, .joins = joins, .used = std::move(used)};
  made.work = {.cpu = cost - 4 * random_pages, .random_pages = random_pages};
  return made;
}

StatementWeight weight_of(double cost) {
  return {.time = 1'000, .cost_now = cost, .units_now = cost};
}

TEST(RemainingShare, AnUnchangedPlanKeepsAllOfItsTime) {
  const CostAnswer now = answer(1'000, 0, 0, {});
  const RemainingShare share = remaining_share(weight_of(1'000), now, now, Millis{5});
  EXPECT_EQ(share.low, 1);
  EXPECT_EQ(share.high, 1);
}

TEST(RemainingShare, HoldsWhatACachedAndAColdTargetWouldSee) {
  const CostAnswer now = answer(1'000, 0, 0, {});
  const CostAnswer then = answer(100, 24, 0, {1});
  const RemainingShare share = remaining_share(weight_of(1'000), now, then, Millis{0});
  EXPECT_EQ(share.typical, 0.1);
  EXPECT_LT(share.low, 0.01) << "cached, a page costs next to nothing";
  EXPECT_GT(share.high, 0.36) << "cold, it costs more than the planner thinks";
  EXPECT_LE(share.high, 1);
}

TEST(RemainingShare, JoinsWidenIt) {
  const CostAnswer now = answer(1'000, 0, 3, {});
  const RemainingShare none = remaining_share(weight_of(1'000), now, answer(10, 0, 0, {1}), Millis{0});
  const RemainingShare three = remaining_share(weight_of(1'000), now, answer(10, 0, 3, {1}), Millis{0});
  EXPECT_LT(three.low, none.low);
  EXPECT_GT(three.high, none.high);
}

TEST(RemainingShare, NoExecutionTakesNoTime) {
  const CostAnswer now = answer(1'000, 0, 0, {});
  const RemainingShare share = remaining_share(weight_of(1'000), now, answer(1, 0, 0, {1}), Millis{0.1});
  EXPECT_NEAR(share.high, 0.2, 1e-9);
}

}  // namespace
}  // namespace planwise
