// The server's prices of pages, rows and operators, and the memory it plans with.
#pragma once

#include "analyzer/model/snapshot.h"

namespace planwise::cost_model {

// Defaults are PostgreSQL's. https://www.postgresql.org/docs/current/runtime-config-query.html
struct CostSettings {
  double seq_page = 1;
  double random_page = 4;
  double cpu_tuple = 0.01;
  double cpu_index_tuple = 0.005;
  double cpu_operator = 0.0025;
  double cache_pages = 524'288;            // effective_cache_size
  double work_memory = 4.0 * 1024 * 1024;  // bytes of one sort
  double hash_memory = 8.0 * 1024 * 1024;  // bytes of one hash table
  int max_workers = 2;                     // of one Gather
  double parallel_setup = 1000;
  double parallel_tuple = 0.1;
  double parallel_table_pages = 1024;  // tables below are not scanned in parallel
  double parallel_index_pages = 64;
  bool leader_participates = true;
  bool memoizes = true;         // 14 and later
  bool sorts_partially = true;  // incremental sort, 13 and later
};

// What the snapshot does not tell keeps its default.
[[nodiscard]] CostSettings cost_settings(const Snapshot& snapshot);

}  // namespace planwise::cost_model
