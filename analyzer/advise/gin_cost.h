// What reading a table through an inverted index costs, in the planner's own formulas: no planner can be
// asked, as HypoPG knows no GIN.
#pragma once

#include "analyzer/advise/inverted_entries.h"
#include "analyzer/model/snapshot.h"

namespace planwise {

// The planner's prices. Source: "Planner Cost Constants",
// https://www.postgresql.org/docs/current/runtime-config-query.html
struct PlannerPrices {
  double sequential_page = 1;
  double random_page = 4;
  double tuple = 0.01;
  double index_tuple = 0.005;
  double operation = 0.0025;
};
[[nodiscard]] PlannerPrices planner_prices(const Snapshot& snapshot);  // settings, else the defaults

struct GinSearch {
  GinSize index;
  double table_rows = 0;
  double table_pages = 0;
  double matches = 0;     // rows that the condition finds
  double entries = 1;     // looked up in the index
  double conditions = 1;  // checked again for every row found
};

// Total cost of a bitmap heap scan over the index. Source: gincostestimate() in selfuncs.c (entries matched
// as a whole, an empty pending list), compute_bitmap_pages() and cost_bitmap_heap_scan() in costsize.c (a
// bitmap that fits work_mem), PostgreSQL 12 to 18.
[[nodiscard]] double gin_scan_cost(const GinSearch& search, const PlannerPrices& prices);

}  // namespace planwise
