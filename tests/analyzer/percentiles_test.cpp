#include "analyzer/percentiles.h"

#include <gtest/gtest.h>

namespace planwise {
namespace {

StatementStats stats(std::int64_t calls, double mean, std::optional<double> deviation) {
  StatementStats out;
  out.calls = calls;
  out.total_time = Millis(mean * static_cast<double>(calls));
  if (deviation) {
    out.stddev_time = Millis(*deviation);
  }
  return out;
}

// Worked by hand: mean 10, deviation 10 give a log variance of ln 2 = 0.6931 and a middle of ln 10 - 0.3466
// = 1.9560; exp(1.9560 + 1.6449 * 0.8326) = 27.81 and exp(1.9560 + 2.3263 * 0.8326) = 49.05.
TEST(Percentiles, AreThoseOfALogNormal) {
  StatementStats one = stats(100, 10, 10);
  estimate_percentiles(one);
  EXPECT_NEAR(one.p95_time->count(), 27.81, 0.01);
  EXPECT_NEAR(one.p99_time->count(), 49.05, 0.01);
  EXPECT_FALSE(one.percentiles_measured);
}

TEST(Percentiles, AreTheMeanWhereNothingVaries) {
  StatementStats one = stats(100, 10, 0);
  estimate_percentiles(one);
  EXPECT_NEAR(one.p99_time->count(), 10, 1e-9);
}

TEST(Percentiles, AreNotAboveTheLongestCall) {
  StatementStats one = stats(100, 10, 10);
  one.max_time = Millis(30);
  estimate_percentiles(one);
  EXPECT_NEAR(one.p95_time->count(), 27.81, 0.01);
  EXPECT_EQ(one.p99_time, Millis(30));
}

TEST(Percentiles, AreNotGuessedFromTooLittle) {
  for (StatementStats one : {stats(9, 10, 10), stats(100, 10, std::nullopt), stats(100, 0, 0)}) {
    estimate_percentiles(one);
    EXPECT_EQ(one.p95_time, std::nullopt);
    EXPECT_EQ(one.p99_time, std::nullopt);
  }
}

}  // namespace
}  // namespace planwise
