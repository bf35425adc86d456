#include "analyzer/nplusone/statistics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

namespace planwise::nplusone {
namespace {

using testing::Each;
using testing::ElementsAre;

TEST(NPlusOneStatistics, ALineIsFoundExactly) {
  const auto line = fit_line({1, 2, 3, 4}, {5, 7, 9, 11});
  ASSERT_TRUE(line);
  EXPECT_DOUBLE_EQ(line->slope, 2);
  EXPECT_DOUBLE_EQ(line->intercept, 3);
  EXPECT_DOUBLE_EQ(line->correlation, 1);
  EXPECT_FALSE(fit_line({2, 2, 2}, {1, 2, 3}));
}

TEST(NPlusOneStatistics, CovariatesTakeTheirPart) {
  const std::vector<Series> covariate{{1, 2, 3, 4}};
  for (const double left : residuals({3, 5, 7, 9}, covariate)) {
    EXPECT_NEAR(left, 0, 1e-12);
  }
  const std::vector<Series> twice{{1, 2, 3, 4}, {2, 4, 6, 8}};
  EXPECT_NEAR(residuals({1, 0, 0, 1}, twice)[0], residuals({1, 0, 0, 1}, covariate)[0], 1e-12);
}

// y = 2 x + 5 z with x and z independent: worked by construction.
TEST(NPlusOneStatistics, APartialSlopeIsThatOfItsOwnVariable) {
  const Series x{1, 0, 0, 1, 1, 0, 0, 1};
  const Series z{0, 0, 1, 1, 2, 2, 3, 3};
  Series y;
  for (std::size_t i = 0; i < x.size(); ++i) {
    y.push_back(2 * x[i] + 5 * z[i]);
  }
  const std::vector<Series> covariates{z};
  const auto fit = fit_partial(x, y, covariates, 0.05);
  ASSERT_TRUE(fit);
  EXPECT_NEAR(fit->slope, 2, 1e-9);
  EXPECT_NEAR(fit->correlation, 1, 1e-9);
  const std::vector<Series> itself{x};
  EXPECT_FALSE(fit_partial(x, y, itself, 0.05));
}

TEST(NPlusOneStatistics, NoiseIsNoDiscovery) {
  std::mt19937_64 random(7);
  std::normal_distribution<double> normal;
  int small = 0;
  constexpr int kPairs = 200;
  for (int pair = 0; pair < kPairs; ++pair) {
    Series x;
    Series y;
    for (int i = 0; i < 30; ++i) {
      x.push_back(normal(random));
      y.push_back(normal(random));
    }
    small += p_by_chance(*fit_partial(x, y, {}, 0.05), 0, static_cast<std::uint64_t>(pair)) < 0.05 ? 1 : 0;
  }
  EXPECT_NEAR(small, kPairs * 0.05, 10);  // three standard deviations
}

TEST(NPlusOneStatistics, TheSameSeedGivesTheSameAnswer) {
  const auto fit = fit_partial({1, 5, 2, 8, 3, 9, 4}, {2, 4, 3, 7, 2, 9, 5}, {}, 0.05);
  ASSERT_TRUE(fit);
  EXPECT_EQ(p_by_chance(*fit, 0, 42), p_by_chance(*fit, 0, 42));
}

// The example of the 1995 paper: fifteen hypotheses at 0.05, four kept.
TEST(NPlusOneStatistics, BenjaminiAndHochbergsExample) {
  const std::vector<double> p{0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344,
                              0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0000};
  const std::vector<bool> kept = benjamini_hochberg(p, 0.05);
  EXPECT_EQ(std::count(kept.begin(), kept.end(), true), 4);
  EXPECT_TRUE(kept[3]);
  EXPECT_FALSE(kept[4]);
}

}  // namespace
}  // namespace planwise::nplusone
