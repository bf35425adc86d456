#include "connectors/mysql/histograms.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace planwise::mysql {
namespace {

using testing::ElementsAre;

TEST(MySqlHistograms, BucketsAreReadByTheirUpperBound) {
  Rows rows({"BUCKET_TIMER_HIGH", "COUNT_BUCKET"});
  for (const char* value : {"10471285", "90", "104712854", "8", "18446744073709551615", "2"}) {
    rows.append(value);
  }
  const Histogram histogram = histogram_of(rows);
  EXPECT_EQ(histogram, (Histogram{{10, 90}, {105, 8}}));  // the last bucket has no end
}

TEST(MySqlHistograms, APercentileIsTheBoundOfItsBucket) {
  const Histogram histogram{{10, 90}, {100, 8}, {1000, 2}};
  EXPECT_EQ(percentile(histogram, 0.5), Millis(0.01));
  EXPECT_EQ(percentile(histogram, 0.95), Millis(0.1));
  EXPECT_EQ(percentile(histogram, 0.99), Millis(1));
  EXPECT_EQ(percentile({}, 0.95), std::nullopt);
  EXPECT_EQ(percentile({{10, 0}, {20, 1}}, 0.5), Millis(0.02));
}

std::map<std::string, CounterReading::Entry> entries(std::initializer_list<const char*> keys) {
  std::map<std::string, CounterReading::Entry> out;
  for (const char* key : keys) {
    out[key].statement = StatementId{1};
  }
  return out;
}

TEST(MySqlHistograms, OnlyWhatHappenedInTheWindowCounts) {
  auto changed = entries({"shop/a", "shop/b", "shop/c"});
  const Histograms before{{"shop/a", {{10, 1000}, {100, 5}}}, {"shop/b", {{10, 50}}}};
  const Histograms after{{"shop/a", {{10, 1001}, {100, 24}}}, {"shop/b", {{10, 3}}}, {"shop/c", {{10, 3}}}};
  add_percentiles(changed, before, after);
  EXPECT_EQ(changed["shop/a"].totals.p95_time, Millis(0.1));  // 19 of the 20 new ones
  EXPECT_TRUE(changed["shop/a"].totals.percentiles_measured);
  EXPECT_FALSE(changed["shop/b"].totals.p95_time);  // counting began again
  EXPECT_FALSE(changed["shop/c"].totals.p95_time);
}

TEST(MySqlHistograms, TheHeaviestDigestsComeFirst) {
  CounterReading reading;
  reading.entries = entries({"shop/a", "shop/b", "prepared/1/2"});
  reading.entries["shop/b"].totals.total_time = Millis(9);
  reading.entries["prepared/1/2"].totals.total_time = Millis(99);
  reading.entries["hidden"].totals.total_time = Millis(999);
  EXPECT_THAT(heaviest_digests(reading, 5), ElementsAre("shop/b", "shop/a"));
  EXPECT_THAT(heaviest_digests(reading, 1), ElementsAre("shop/b"));
}

}  // namespace
}  // namespace planwise::mysql
