#include "analyzer/cost_model/formulas.h"

#include <algorithm>
#include <cmath>

namespace planwise::cost_model {
namespace {

constexpr double kPage = 8192;
constexpr double kTupleHeader = 24;    // MAXALIGN(SizeofHeapTupleHeader)
constexpr double kPageOperators = 50;  // DEFAULT_PAGE_CPU_MULTIPLIER: comparisons to descend a page
constexpr double kSortFan = 6;         // MINORDER: runs merged at once, at least
constexpr double kBucketRows = 1;      // NTUP_PER_BUCKET

double aligned(double bytes) {
  return std::ceil(bytes / 8) * 8;
}

double at_least_one(double rows) {
  return std::max(1.0, std::rint(rows));
}

}  // namespace

double pages_fetched(double rows, double pages, double all_pages, const CostSettings& settings) {
  const double table = std::max(1.0, pages);
  const double cache = std::max(1.0, std::ceil(settings.cache_pages * table / std::max(table, all_pages)));
  if (table <= cache) {
    const double fetched = 2 * table * rows / (2 * table + rows);
    return fetched >= table ? table : std::ceil(fetched);
  }
  const double limit = 2 * table * cache / (2 * table - cache);
  const double fetched = rows <= limit ? 2 * table * rows / (2 * table + rows)
                                       : cache + (rows - limit) * (table - cache) / table;
  return std::ceil(fetched);
}

Cost btree_cost(const BtreeProbe& probe, const CostSettings& settings) {
  double entries = probe.at_most_one ? 1 : std::rint(probe.bounded_share * probe.table_rows / probe.searches);
  entries = std::clamp(entries, 1.0, std::max(1.0, probe.rows));
  const double pages = probe.pages > 1 && probe.rows > 1 ? std::ceil(entries * probe.pages / probe.rows) : 1;
  const double scans = probe.searches * probe.loops;
  double io = pages * settings.random_page;
  if (scans > 1) {
    io =
        pages_fetched(pages * scans, probe.pages, probe.pages, settings) * settings.random_page / probe.loops;
  }
  const double cpu =
      entries * probe.searches * (settings.cpu_index_tuple + settings.cpu_operator * probe.conditions);
  double descent = probe.rows > 1 ? std::ceil(std::log2(probe.rows)) * settings.cpu_operator : 0;
  descent += (probe.height + 1) * kPageOperators * settings.cpu_operator;
  return {.startup = descent, .total = io + cpu + probe.searches * descent};
}

double heap_io(const HeapFetch& fetch, const CostSettings& settings) {
  const double all = fetch.query_pages + fetch.index_pages;
  const auto visited = [&](double pages) {
    return fetch.hidden_share < 1 ? std::ceil(pages * fetch.hidden_share) : pages;
  };
  double most = visited(pages_fetched(fetch.rows * fetch.loops, fetch.pages, all, settings));
  double least = std::ceil(fetch.share * fetch.pages);
  if (fetch.loops > 1) {
    most = most * settings.random_page / fetch.loops;
    least = visited(pages_fetched(least * fetch.loops, fetch.pages, all, settings)) * settings.random_page /
            fetch.loops;
  } else {
    most = most * settings.random_page;
    least = visited(least);
    least = least > 0 ? settings.random_page + (least - 1) * settings.seq_page : 0;
  }
  return most + fetch.correlation * fetch.correlation * (least - most);
}

double bitmap_heap_io(const HeapFetch& fetch, const CostSettings& settings) {
  const double table = std::max(1.0, fetch.pages);
  double pages = 2 * table * fetch.rows / (2 * table + fetch.rows);
  if (fetch.loops > 1) {
    pages = pages_fetched(fetch.rows * fetch.loops, table, fetch.query_pages + fetch.index_pages, settings) /
            fetch.loops;
  }
  pages = pages >= table ? table : std::ceil(pages);
  const double each = pages >= 2 ? settings.random_page -
                                       (settings.random_page - settings.seq_page) * std::sqrt(pages / table)
                                 : settings.random_page;
  return pages * each;
}

double bytes_of(double rows, double width) {
  return rows * (aligned(width) + kTupleHeader);
}

Cost sort_cost(double rows, double width, double limit, const CostSettings& settings) {
  const double count = std::max(2.0, rows);
  const double compare = 2 * settings.cpu_operator;
  const double wanted = limit > 0 && limit < count ? limit : count;
  const double input = bytes_of(count, width);
  const double output = bytes_of(wanted, width);
  Cost cost;
  if (output > settings.work_memory) {
    const double pages = std::ceil(input / kPage);
    const double runs = input / settings.work_memory;
    const double merged = std::max(kSortFan, std::floor(settings.work_memory / (33 * kPage)));
    const double passes = runs > merged ? std::ceil(std::log(runs) / std::log(merged)) : 1;
    cost.startup = compare * count * std::log2(count) +
                   2 * pages * passes * (settings.seq_page * 0.75 + settings.random_page * 0.25);
  } else if (count > 2 * wanted || input > settings.work_memory) {
    cost.startup = compare * count * std::log2(2 * wanted);
  } else {
    cost.startup = compare * count * std::log2(count);
  }
  cost.total = cost.startup + settings.cpu_operator * count;
  return cost;
}

Cost hash_join_cost(const HashJoin& join, const CostSettings& settings) {
  const double inner_bytes = join.inner_rows * (aligned(join.inner_width) + kTupleHeader + 16);
  const double buckets = std::pow(2, std::ceil(std::log2(std::max(1024.0, join.inner_rows / kBucketRows))));
  Cost cost;
  cost.startup = join.outer.startup + join.inner.total +
                 (settings.cpu_operator * join.keys + settings.cpu_tuple) * join.inner_rows;
  double run = join.outer.total - join.outer.startup + settings.cpu_operator * join.keys * join.outer_rows;
  if (inner_bytes > settings.hash_memory) {
    const double outer_pages = std::ceil(bytes_of(join.outer_rows, join.outer_width) / kPage);
    const double inner_pages = std::ceil(bytes_of(join.inner_rows, join.inner_width) / kPage);
    cost.startup += settings.seq_page * inner_pages;
    run += settings.seq_page * (inner_pages + 2 * outer_pages);
  }
  const double bucket_share = 1 / std::max(1.0, std::min(buckets, join.inner_distinct));
  const double compared = at_least_one(join.inner_rows * bucket_share);
  const bool unique = join.unique_share >= 0;
  const double matched = unique ? std::rint(join.outer_rows * join.unique_share) : join.outer_rows;
  run += settings.cpu_operator * join.keys * compared * (matched * 0.5 + (join.outer_rows - matched) * 0.05);
  run += settings.cpu_tuple * (unique ? matched : join.joined_rows);
  cost.total = cost.startup + run;
  return cost;
}

int workers_for(double pages, double threshold, const CostSettings& settings) {
  if (pages < threshold || settings.max_workers < 1) {
    return 0;
  }
  int workers = 1;
  for (double step = std::max(1.0, threshold); pages >= step * 3 && workers < settings.max_workers;
       step *= 3) {
    ++workers;
  }
  return workers;
}

double parallel_divisor(int workers, const CostSettings& settings) {
  double divisor = workers;
  if (settings.leader_participates) {
    divisor += std::max(0.0, 1 - 0.3 * workers);
  }
  return std::max(1.0, divisor);
}

}  // namespace planwise::cost_model
