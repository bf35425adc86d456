#include "analyzer/cost_model/settings.h"

#include <algorithm>

namespace planwise::cost_model {
namespace {

constexpr double kKilobyte = 1024;
constexpr Version kMemoize{14, 0, 0};
constexpr Version kIncrementalSort{13, 0, 0};
constexpr Version kHashMemoryDoubled{15, 0, 0};

}  // namespace

CostSettings cost_settings(const Snapshot& snapshot) {
  const auto get = [&](const char* name, double otherwise) {
    return snapshot.setting(name).value_or(otherwise);
  };
  CostSettings settings;
  settings.seq_page = get("seq_page_cost", settings.seq_page);
  settings.random_page = get("random_page_cost", settings.random_page);
  settings.cpu_tuple = get("cpu_tuple_cost", settings.cpu_tuple);
  settings.cpu_index_tuple = get("cpu_index_tuple_cost", settings.cpu_index_tuple);
  settings.cpu_operator = get("cpu_operator_cost", settings.cpu_operator);
  settings.cache_pages = std::max(1.0, get("effective_cache_size", settings.cache_pages));
  settings.work_memory = get("work_mem", settings.work_memory / kKilobyte) * kKilobyte;
  const double multiplier = kHashMemoryDoubled <= snapshot.server.version ? 2 : 1;
  settings.hash_memory = settings.work_memory * get("hash_mem_multiplier", multiplier);
  settings.max_workers = static_cast<int>(
      std::min(get("max_parallel_workers_per_gather", settings.max_workers), get("max_parallel_workers", 8)));
  settings.parallel_setup = get("parallel_setup_cost", settings.parallel_setup);
  settings.parallel_tuple = get("parallel_tuple_cost", settings.parallel_tuple);
  settings.parallel_table_pages = get("min_parallel_table_scan_size", settings.parallel_table_pages);
  settings.parallel_index_pages = get("min_parallel_index_scan_size", settings.parallel_index_pages);
  settings.leader_participates = get("parallel_leader_participation", 1) > 0;
  settings.memoizes = kMemoize <= snapshot.server.version && get("enable_memoize", 1) > 0;
  settings.sorts_partially =
      kIncrementalSort <= snapshot.server.version && get("enable_incremental_sort", 1) > 0;
  return settings;
}

}  // namespace planwise::cost_model
