// What reading a table through an inverted index costs, in the planner's own formulas: no planner can be
// asked, as HypoPG knows no GIN.
#pragma once

#include "analyzer/advise/inverted_entries.h"
#include "analyzer/cost_model/settings.h"

namespace planwise {

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
[[nodiscard]] double gin_scan_cost(const GinSearch& search, const cost_model::CostSettings& prices);

}  // namespace planwise
