#include "analyzer/cost_model/scans.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "analyzer/cost_model/formulas.h"

namespace planwise::cost_model {
namespace {

constexpr double kBitmapRow = 0.1;     // operators a row put into a bitmap. Source: cost_bitmap_tree_node()
constexpr double kBitmapAnd = 100;     // operators. Source: cost_bitmap_and_node()
constexpr std::size_t kMostAnded = 4;  // bitmaps tried in pairs

double at_least_one(double rows) {
  return std::max(1.0, std::rint(rows));
}

// A search of an index, without the table.
struct Search {
  const IndexInfo* index = nullptr;
  IndexMatch match;
  Cost cost;
  double pages = 1;  // of the index that it reads
};

class Scanner {
 public:
  Scanner(const ScanRequest& request, const CostSettings& settings)
      : request_(request), unit_(request.unit), settings_(settings) {
    rows_ = unit_.rows;
    for (const Bound& bound : request.bounds) {
      rows_ *= bound.share;
    }
    rows_ = std::max(1.0, rows_);
  }

  std::vector<Path> all() {
    find_searches();
    if (request_.bounds.empty()) {
      add_seq_scan();
    }
    for (const Search& search : searches_) {
      if (request_.bounds.empty() || search.match.uses_bounds) {
        add_index_scan(search);
      }
    }
    add_bitmaps();
    return std::move(paths_);
  }

 private:
  [[nodiscard]] int condition_count() const {
    int count = static_cast<int>(unit_.clauses.size() + request_.bounds.size());
    for (const Alternative& alternative : unit_.alternatives) {
      count += static_cast<int>(alternative.branches.size());
    }
    return count;
  }

  [[nodiscard]] Path scan(PathKind kind) const {
    Path path{.kind = kind, .rows = rows_, .width = unit_.width};
    path.unit = &unit_;
    return path;
  }

  [[nodiscard]] Search search_of(const IndexInfo& index, IndexMatch match) const {
    const double parts = unit_.partitions;
    BtreeProbe probe{.pages = std::max(1.0, index.pages / parts),
                     .rows = std::max(1.0, index.rows / parts),
                     .height = index.height,
                     .table_rows = unit_.table_rows / parts};
    probe.bounded_share = match.bounded_share;
    probe.conditions = match.conditions;
    probe.searches = match.searches;
    probe.loops = request_.loops;
    probe.at_most_one = match.at_most_one;
    Search search{.index = &index, .match = std::move(match), .cost = btree_cost(probe, settings_)};
    search.cost.startup *= parts;
    search.cost.total *= parts;
    search.pages = std::ceil(search.match.bounded_share * unit_.table_rows * index.pages / index.rows);
    return search;
  }

  void find_searches() {
    for (const IndexInfo& index : request_.indexes) {
      if (auto match = match_index(index, request_, unit_.clauses)) {
        searches_.push_back(search_of(index, *std::move(match)));
      }
    }
  }

  void add_seq_scan() {
    const double io = settings_.seq_page * unit_.pages;
    const double cpu = (settings_.cpu_tuple + settings_.cpu_operator * condition_count()) * unit_.table_rows;
    Path path = scan(PathKind::kSeqScan);
    path.total = io + cpu;
    path.filter = unit_.clauses.empty() ? "" : "conditions";
    add_shared(path, io, cpu, workers_for(unit_.pages, settings_.parallel_table_pages, settings_));
    paths_.push_back(std::move(path));
  }

  // The same with its rows shared out among workers: input and output stay, the rest is divided.
  void add_shared(const Path& path, double io, double cpu, int workers) {
    if (workers < 1 || !request_.block.parallel || !request_.bounds.empty()) {
      return;
    }
    Path shared = path;
    shared.divisor = parallel_divisor(workers, settings_);
    shared.total = path.startup + io + cpu / shared.divisor;
    shared.rows = at_least_one(path.rows / shared.divisor);
    paths_.push_back(std::move(shared));
  }

  // The index is walked from its other end where that is the order asked for.
  [[nodiscard]] std::vector<SortKey> order_of(const IndexMatch& match) const {
    std::vector<SortKey> order = match.order;
    const auto wanted = std::ranges::find_if(request_.block.order, [&](const SortKey& key) {
      return key.key_class < 0 || !request_.block.fixed[static_cast<std::size_t>(key.key_class)];
    });
    if (wanted != request_.block.order.end() && !order.empty() &&
        wanted->key_class == order.front().key_class && wanted->descending != order.front().descending) {
      for (SortKey& key : order) {
        key.descending = !key.descending;
        key.nulls_first = !key.nulls_first;
      }
    }
    return order;
  }

  void add_index_scan(const Search& search) {
    const IndexMatch& match = search.match;
    const bool of_use = match.bounded || match.restricted || match.covering || !match.order.empty();
    if (!of_use) {
      return;
    }
    HeapFetch fetch{.rows = at_least_one(match.share * unit_.table_rows), .share = match.share};
    fetch.pages = unit_.pages;
    fetch.index_pages = search.index->pages;
    fetch.query_pages = request_.query_pages;
    fetch.correlation = search.index->correlation;
    fetch.hidden_share = match.covering ? 1 - unit_.visible_share : 1;
    fetch.loops = request_.loops;
    const double io = heap_io(fetch, settings_);
    const double cpu = (settings_.cpu_tuple + settings_.cpu_operator * match.filters) * fetch.rows;
    Path path = scan(PathKind::kIndexScan);
    path.startup = search.cost.startup;
    path.total = search.cost.total + io + cpu;
    path.indexes = {search.index};
    path.covering = match.covering;
    path.condition = match.condition;
    path.filter = match.filter;
    path.order = order_of(match);
    const int by_index = workers_for(search.pages, settings_.parallel_index_pages, settings_);
    const int by_table =
        workers_for(std::min(unit_.pages, fetch.rows), settings_.parallel_table_pages, settings_);
    add_shared(path, search.cost.total - path.startup + io, cpu,
               match.covering ? by_index : std::min(by_index, by_table));
    paths_.push_back(std::move(path));
  }

  // Bitmaps of one index, of two, or of the branches of an OR.
  struct Bitmap {
    std::vector<const IndexInfo*> indexes;
    double cost = 0;
    double share = 1;
    std::string condition;
    bool uses_bounds = false;
  };

  [[nodiscard]] Bitmap bitmap_of(const Search& search) const {
    const double rows = search.match.share * unit_.table_rows;
    return {.indexes = {search.index},
            .cost = search.cost.total + kBitmapRow * settings_.cpu_operator * rows,
            .share = search.match.share,
            .condition = search.match.condition,
            .uses_bounds = search.match.uses_bounds};
  }

  void add_bitmaps() {
    std::vector<Bitmap> bitmaps;
    for (const Search& search : searches_) {
      if (search.match.conditions > 0 || search.match.restricted) {
        bitmaps.push_back(bitmap_of(search));
      }
    }
    std::ranges::stable_sort(bitmaps, {}, [&](const Bitmap& bitmap) { return heap_cost(bitmap); });
    const std::size_t single = std::min(bitmaps.size(), kMostAnded);
    for (std::size_t i = 0; i < single; ++i) {
      for (std::size_t j = i + 1; j < single; ++j) {
        if (auto both = bitmap_and(bitmaps[i], bitmaps[j])) {
          bitmaps.push_back(*std::move(both));
        }
      }
    }
    for (const Alternative& alternative : unit_.alternatives) {
      if (auto either = bitmap_or(alternative)) {
        bitmaps.push_back(*std::move(either));
      }
    }
    for (const Bitmap& bitmap : bitmaps) {
      if (request_.bounds.empty() || bitmap.uses_bounds) {
        add_bitmap_scan(bitmap);
      }
    }
  }

  // Two indexes searched by different keys: each keeps its share of what the other keeps.
  [[nodiscard]] std::optional<Bitmap> bitmap_and(const Bitmap& left, const Bitmap& right) const {
    const bool differ = left.condition.find(right.condition) == std::string::npos &&
                        right.condition.find(left.condition) == std::string::npos &&
                        left.indexes[0]->def.predicate.empty() && right.indexes[0]->def.predicate.empty();
    const std::vector<IndexKey>& keys = right.indexes[0]->def.keys;
    const bool shared = std::ranges::any_of(left.indexes[0]->def.keys, [&](const IndexKey& key) {
      return std::ranges::find(keys, key.expression, &IndexKey::expression) != keys.end();
    });
    if (!differ || shared || left.indexes.size() + right.indexes.size() != 2) {
      return std::nullopt;
    }
    return Bitmap{.indexes = {left.indexes[0], right.indexes[0]},
                  .cost = left.cost + right.cost + kBitmapAnd * settings_.cpu_operator,
                  .share = left.share * right.share,
                  .condition = left.condition + ", " + right.condition,
                  .uses_bounds = left.uses_bounds || right.uses_bounds};
  }

  // Every branch needs an index.
  [[nodiscard]] std::optional<Bitmap> bitmap_or(const Alternative& alternative) const {
    Bitmap either;
    double missed = 1;
    for (const std::vector<Clause>& branch : alternative.branches) {
      std::vector<Clause> clauses = branch;
      clauses.insert(clauses.end(), unit_.clauses.begin(), unit_.clauses.end());
      std::optional<Bitmap> best;
      for (const IndexInfo& index : request_.indexes) {
        auto match = match_index(index, request_, clauses);
        const bool serves = match && match->bounded && serves_branch(index, branch);
        if (!serves) {
          continue;
        }
        Bitmap bitmap = bitmap_of(search_of(index, *std::move(match)));
        if (!best || bitmap.cost < best->cost) {
          best = std::move(bitmap);
        }
      }
      if (!best) {
        return std::nullopt;
      }
      either.cost += best->cost;
      missed *= 1 - best->share;
      either.indexes.push_back(best->indexes[0]);
      either.condition += (either.condition.empty() ? "" : " OR ") + best->condition;
      either.uses_bounds = either.uses_bounds || best->uses_bounds;
    }
    either.share = 1 - missed;
    return either;
  }

  [[nodiscard]] static bool serves_branch(const IndexInfo& index, const std::vector<Clause>& branch) {
    return std::ranges::any_of(branch, [&](const Clause& clause) {
      return !index.def.keys.empty() && index.def.keys.front().expression == clause.key;
    });
  }

  [[nodiscard]] double heap_cost(const Bitmap& bitmap) const {
    HeapFetch fetch{.rows = at_least_one(bitmap.share * unit_.table_rows), .share = bitmap.share};
    fetch.pages = unit_.pages;
    fetch.query_pages = request_.query_pages;
    fetch.loops = request_.loops;
    for (const IndexInfo* index : bitmap.indexes) {
      fetch.index_pages += index->pages;
    }
    const double cpu = (settings_.cpu_tuple + settings_.cpu_operator * condition_count()) * fetch.rows;
    return bitmap.cost + bitmap_heap_io(fetch, settings_) + cpu;
  }

  void add_bitmap_scan(const Bitmap& bitmap) {
    Path path = scan(PathKind::kBitmapScan);
    path.startup = bitmap.cost;
    path.total = heap_cost(bitmap);
    path.indexes = bitmap.indexes;
    path.condition = bitmap.condition;
    const double rows = at_least_one(bitmap.share * unit_.table_rows);
    const double cpu = (settings_.cpu_tuple + settings_.cpu_operator * condition_count()) * rows;
    add_shared(path, path.total - path.startup - cpu, cpu,
               workers_for(std::min(unit_.pages, rows), settings_.parallel_table_pages, settings_));
    paths_.push_back(std::move(path));
  }

  const ScanRequest& request_;
  const Unit& unit_;
  const CostSettings& settings_;
  double rows_ = 1;
  std::vector<Search> searches_;
  std::vector<Path> paths_;
};

}  // namespace

std::vector<Path> scans(const ScanRequest& request, const CostSettings& settings) {
  std::vector<Path> paths = Scanner(request, settings).all();
  if (!request.bounds.empty() && !paths.empty()) {
    const auto best = std::ranges::min_element(paths, {}, &Path::total);
    std::iter_swap(paths.begin(), best);
    paths.resize(1);
  }
  return paths;
}

}  // namespace planwise::cost_model
