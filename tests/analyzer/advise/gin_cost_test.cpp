#include "analyzer/advise/gin_cost.h"

#include <gtest/gtest.h>

namespace planwise {
namespace {

TEST(GinCost, IsTheBitmapAndThePagesItNames) {
  // One entry in 100 entry pages: ceil(rint(100 ^ 0.15)) = 2 pages. 100 rows of 10,000 pages: 99.5, so 100
  // pages, at 4 - 3 * sqrt(0.01) = 3.7 each.
  const GinSearch search{.index = {.entry_pages = 100, .posting_pages = 0},
                         .table_rows = 100'000,
                         .table_pages = 10'000,
                         .matches = 100};
  const double bitmap = 2 * 4 + 100 * (0.005 + 0.0025) + 0.1 * 0.0025 * 100;
  const double heap = 100 * 3.7 + 100 * (0.01 + 0.0025);
  EXPECT_NEAR(gin_scan_cost(search, {}), bitmap + heap, 1e-6);
}

TEST(GinCost, AllRowsCostMoreThanAFullScan) {
  const GinSearch search{
      .index = {.entry_pages = 100}, .table_rows = 100'000, .table_pages = 1'000, .matches = 100'000};
  EXPECT_GT(gin_scan_cost(search, {}), 1'000 + 100'000 * (0.01 + 0.0025));
}

TEST(GinCost, ThePricesAreTheServers) {
  Snapshot snapshot;
  snapshot.settings["random_page_cost"] = {.value = "1.1"};
  EXPECT_EQ(cost_model::cost_settings(snapshot).random_page, 1.1);
  EXPECT_EQ(cost_model::cost_settings(snapshot).seq_page, 1);
}

}  // namespace
}  // namespace planwise
