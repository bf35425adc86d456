#include "analyzer/advise/inverted_entries.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <string>

namespace planwise {
namespace {

using ::testing::ElementsAre;

Column sampled(const std::string& type, const std::vector<std::string>& values) {
  Column column{.name = "c", .type = type, .base_type = type};
  column.stats = ColumnStats{.average_width = {40}};
  column.stats->histogram = values;
  return column;
}

double entries(const InvertedEntries& all) {
  double sum = 0;
  for (const EntryGroup& group : all.groups) {
    sum += group.entries;
  }
  return sum;
}

double places(const InvertedEntries& all) {
  double sum = 0;
  for (const EntryGroup& group : all.groups) {
    sum += group.entries * group.rows;
  }
  return sum;
}

TEST(InvertedEntries, TrigramsAreThoseOfPgTrgm) {
  EXPECT_THAT(trigrams_of("Ab c"), ElementsAre("  a", "  c", " ab", " c ", "ab "));  // SELECT show_trgm('Ab c')
  EXPECT_THAT(trigrams_of("--"), ElementsAre());
}

TEST(InvertedEntries, AKeyThatEveryRowHoldsIsOneEntry) {
  std::vector<std::string> values;
  for (int i = 0; i < 100; ++i) {
    values.push_back(R"({"state": "open", "ref": "r)" + std::to_string(i) + R"("})");
  }
  const InvertedEntries keys = inverted_entries(EntryKind::kKeysValues, sampled("jsonb", values), 10'000);
  EXPECT_NEAR(keys.per_row, 4, 1e-9);  // two keys, two values
  EXPECT_NEAR(entries(keys), 3 + 10'000, 1);
  EXPECT_NEAR(places(keys), 4 * 10'000, 1);
  const InvertedEntries paths = inverted_entries(EntryKind::kPaths, sampled("jsonb", values), 10'000);
  EXPECT_NEAR(paths.per_row, 2, 1e-9);
  EXPECT_NEAR(entries(paths), 1 + 10'000, 1);
}

TEST(InvertedEntries, RepeatedValuesOfASampleAreFew) {
  std::vector<std::string> values;
  for (int i = 0; i < 100; ++i) {
    values.push_back("{" + std::to_string(i % 10) + "}");
  }
  const InvertedEntries tags = inverted_entries(EntryKind::kElements, sampled("_int4", values), 10'000);
  EXPECT_NEAR(entries(tags), 10, 1e-9);
  EXPECT_NEAR(tags.groups.front().rows, 1000, 1e-6);
  EXPECT_EQ(tags.groups.front().key_bytes, 4);
}

TEST(InvertedEntries, ListedElementsHaveATailWhereRowsHoldMore) {
  Column column{.name = "c", .type = "integer[]", .base_type = "_int4"};
  column.stats = ColumnStats{.average_width = {40}};
  column.stats->element_frequencies.assign(100, 0.01);
  column.stats->elements_per_row = 1;
  const InvertedEntries all = inverted_entries(EntryKind::kElements, column, 1000);
  EXPECT_NEAR(entries(all), 100, 1e-9);
  column.stats->elements_per_row = 2;
  const InvertedEntries more = inverted_entries(EntryKind::kElements, column, 1000);
  EXPECT_NEAR(entries(more), 100 * std::exp(1), 0.1) << "as Zipf has it";
  EXPECT_NEAR(places(more), 2000, 1);
}

TEST(InvertedEntries, WidthAloneMustDoWithoutValues) {
  Column column{.name = "c", .type = "text", .base_type = "text"};
  column.stats = ColumnStats{.null_fraction = 0.5, .average_width = {31}};
  const InvertedEntries all = inverted_entries(EntryKind::kTrigrams, column, 1000);
  EXPECT_EQ(all.per_row, 31);
  EXPECT_NEAR(places(all), 31 * 500, 1);
}

TEST(InvertedEntries, HostileValuesAreReadToTheEnd) {
  const std::string deep = std::string(5000, '[') + std::string(5000, ']');
  const InvertedEntries all = inverted_entries(
      EntryKind::kKeysValues, sampled("jsonb", std::vector<std::string>(20, deep)), 1000);
  EXPECT_GE(all.per_row, 0);
  const InvertedEntries open =
      inverted_entries(EntryKind::kElements, sampled("_text", std::vector<std::string>(20, "{\"a,\\")), 1000);
  EXPECT_NEAR(open.per_row, 1, 1e-9);
}

TEST(GinSize, ShortListsStandWithTheirKeyAndLongOnesHavePages) {
  // A key of four bytes and one row: 8 + 4, 8 of the list, to a multiple of eight, and the item pointer: 28.
  const GinSize one = gin_size({.groups = {{.entries = 1000, .rows = 1, .key_bytes = 4}}, .per_row = 1}, 1000);
  EXPECT_EQ(one.entry_pages, std::ceil(1000 * 28 / (8160 * 0.6)));
  EXPECT_EQ(one.posting_pages, 0);
  // Half of all rows, some ten on a page: a byte each within a page, two from page to page.
  const GinSize half =
      gin_size({.groups = {{.entries = 1, .rows = 10'000, .key_bytes = 4}}, .per_row = 0.5}, 1000);
  EXPECT_EQ(half.entry_pages, 1);
  EXPECT_EQ(half.posting_pages, 2);
  EXPECT_EQ(half.bytes().count, 4 * 8192);
}

}  // namespace
}  // namespace planwise
