// The planner's prices of single steps: pages fetched, scans, sorts, hash tables, joins.
//
// Each function says the function of PostgreSQL's source it follows (15;
// src/backend/optimizer/path/costsize.c and src/backend/utils/adt/selfuncs.c). Costs are in the planner's
// units.
#pragma once

#include "analyzer/cost_model/settings.h"

namespace planwise::cost_model {

struct Cost {
  double startup = 0;  // until the first row
  double total = 0;
};

// Pages of a table of `pages` read to fetch `rows` rows at random, with a cache shared by all that the
// statement reads (`all_pages`: of its tables and the index). Mackert and Lohman, "Index Scans Using a Finite
// LRU Buffer: A Validated I/O Model" (TODS 1989). Source: index_pages_fetched().
[[nodiscard]] double pages_fetched(double rows, double pages, double all_pages, const CostSettings& settings);

struct BtreeProbe {
  double pages = 1;  // of the index
  double rows = 1;   // entries of the index
  int height = 0;
  double table_rows = 1;
  double bounded_share = 1;  // of the table's rows: the entries that the bounding conditions span
  int conditions = 0;        // index conditions, bounding or not
  double searches = 1;       // elements of IN lists multiplied
  double loops = 1;          // times the scan is repeated with other values
  bool at_most_one = false;  // equality on every key of a unique index
};

// Without the table's pages. Source: genericcostestimate(), btcostestimate().
[[nodiscard]] Cost btree_cost(const BtreeProbe& probe, const CostSettings& settings);

struct HeapFetch {
  double rows = 1;   // fetched from the table, each loop
  double share = 1;  // `rows` of the table's
  double pages = 1;  // of the table
  double index_pages = 1;
  double query_pages = 1;  // of all tables of the statement
  double correlation = 0;
  double hidden_share = 1;  // of pages that an index-only scan must visit all the same; 1 for other scans
  double loops = 1;
};

// Cost of the table's pages of an index scan, each loop. Source: cost_index().
[[nodiscard]] double heap_io(const HeapFetch& fetch, const CostSettings& settings);

// Of a bitmap heap scan; `query_pages` as above. Source: compute_bitmap_pages(), cost_bitmap_heap_scan().
[[nodiscard]] double bitmap_heap_io(const HeapFetch& fetch, const CostSettings& settings);

// Sorting `rows` of `width` bytes, input left out; only the first `limit` are wanted (0: all). Source:
// cost_tuplesort().
[[nodiscard]] Cost sort_cost(double rows, double width, double limit, const CostSettings& settings);

// Bytes of a hash table or sort of that many rows. Source: relation_byte_size().
[[nodiscard]] double bytes_of(double rows, double width);

struct HashJoin {
  Cost outer;
  Cost inner;
  double outer_rows = 1;
  double inner_rows = 1;
  double outer_width = 8;
  double inner_width = 8;
  double inner_distinct = 1;  // of the hashed values
  double joined_rows = 1;
  int keys = 1;
  // Of an inner side that is unique by the keys: the join's selectivity, which the planner takes for the
  // share of outer rows with a match (compute_semi_anti_join_factors()). Negative for other joins.
  double unique_share = -1;
};
// Source: initial_cost_hashjoin(), final_cost_hashjoin(), ExecChooseHashTableSize().
[[nodiscard]] Cost hash_join_cost(const HashJoin& join, const CostSettings& settings);

// Workers that a scan of that many pages gets, from `threshold` up one more with every threefold. Source:
// compute_parallel_worker().
[[nodiscard]] int workers_for(double pages, double threshold, const CostSettings& settings);

// Share-out of rows among workers and leader. Source: get_parallel_divisor().
[[nodiscard]] double parallel_divisor(int workers, const CostSettings& settings);

}  // namespace planwise::cost_model
