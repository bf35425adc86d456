#include "analyzer/advise/btree_size.h"

#include <gtest/gtest.h>

#include <cstdlib>

namespace planwise {
namespace {

EntryColumn column(const std::string& type, double distinct, std::vector<CommonValue> common = {}) {
  Column column{"c", type, type};
  column.stats = ColumnStats{};
  column.stats->distinct = distinct;
  column.stats->common_values = std::move(common);
  for (const CommonValue& value : column.stats->common_values) {
    column.stats->common_total += value.frequency;
  }
  return entry_column(column);
}

std::int64_t size_of(std::vector<EntryColumn> keys, double rows = 200'000) {
  BtreeShape shape;
  shape.keys = std::move(keys);
  shape.rows = rows;
  return btree_size(shape).count;
}

void expect_near(std::int64_t size, std::int64_t built) {
  EXPECT_LT(std::abs(static_cast<double>(size - built)), 0.02 * static_cast<double>(built)) << size;
}

// Sizes of indexes built by PostgreSQL 15 on 200,000 rows.
TEST(BtreeSize, AgreesWithBuiltIndexes) {
  expect_near(size_of({column("int8", 200'000)}), 4'513'792);
  expect_near(size_of({column("uuid", 200'000)}), 6'332'416);
  expect_near(size_of({column("bool", 2, {{"f", 0.7}, {"t", 0.3}})}), 1'400'832);
  expect_near(size_of({column("int8", 200'000), column("int8", 200'000)}), 6'332'416);
}

TEST(BtreeSize, AnIndexWithoutRowsIsOnePage) {
  EXPECT_EQ(size_of({column("int8", 0)}, 0), 8192);
}

TEST(BtreeSize, OnlyEqualBytesAreMerged) {
  EXPECT_LT(size_of({column("int8", 10)}), size_of({column("float8", 10)}) / 3);
}

TEST(BtreeSize, IncludedColumnsAndTheSwitchTurnMergingOff) {
  BtreeShape merged;
  merged.keys = {column("int8", 10)};
  merged.rows = 100'000;
  BtreeShape covering = merged;
  covering.include = {column("int8", 10)};
  BtreeShape off = merged;
  off.deduplicates = false;
  EXPECT_GT(btree_size(off).count, 3 * btree_size(merged).count);
  EXPECT_GT(btree_size(covering).count, btree_size(off).count);
}

TEST(BtreeSize, GrowsWithRowsColumnsAndFreeSpace) {
  EXPECT_GT(size_of({column("int8", 200'000)}, 400'000), size_of({column("int8", 200'000)}));
  EXPECT_GT(size_of({column("int8", 1000), column("uuid", 9e5)}), size_of({column("int8", 1000)}));
  BtreeShape loose;
  loose.keys = {column("int8", 200'000)};
  loose.rows = 200'000;
  const std::int64_t full = btree_size(loose).count;
  loose.fill_factor = 45;
  EXPECT_NEAR(static_cast<double>(btree_size(loose).count), 2.0 * static_cast<double>(full),
              0.1 * static_cast<double>(full));
}

TEST(BtreeSize, LongTextIsMeasuredByItsValues) {
  EntryColumn text = column("text", 200'000);
  text.stats.average_width = {33};
  const std::int64_t by_width = size_of({text});
  for (int i = 0; i < 101; ++i) {
    text.stats.histogram.push_back(std::string(32, 'x'));
  }
  EXPECT_EQ(size_of({text}), by_width);  // 32 bytes and a header of one
  text.stats.histogram.assign(101, std::string(64, 'x'));
  EXPECT_GT(size_of({text}), by_width);
}

}  // namespace
}  // namespace planwise
