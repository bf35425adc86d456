#include <algorithm>
#include <cmath>

#include "analyzer/cost_model/formulas.h"
#include "analyzer/cost_model/join_search.h"

namespace planwise::cost_model {
namespace {

// Bytes of a cached result besides its rows. Source: ExecEstimateCacheEntryOverheadBytes().
constexpr double kCacheEntry = 100;

Path joined_path(PathKind kind, const Path& outer, const Path& inner, double rows) {
  Path path{.kind = kind, .width = outer.width + inner.width, .divisor = outer.divisor};
  path.rows = std::max(1.0, rows / outer.divisor);
  path.children = {&outer, &inner};
  return path;
}

}  // namespace

const Path* JoinSearch::keep(Path path) {
  if (!path.order.empty() && !useful_[static_cast<std::size_t>(path.order.front().key_class)]) {
    path.order.clear();
  }
  return planner_.keep(std::move(path));
}

// The next unit searched by what the links tell, once for every outer row.
const Path* JoinSearch::parameterised(int u, const std::vector<Link>& links) {
  if (links.empty()) {
    return nullptr;
  }
  std::vector<Bound> bounds = own_bounds_[static_cast<std::size_t>(u)];
  double loops = 1e300;
  UnitSet providers = 0;
  for (const Link& link : links) {
    bounds.push_back({*link.key, equal_to_any(*link.inner)});
    // Source: get_loop_count(): the smallest of the units that provide a value.
    loops = std::min(loops, rows_of(link.provider));
    providers |= bit(link.provider);
  }
  const auto [entry, added] = parameterised_.try_emplace({u, providers, links.size()}, nullptr);
  if (added) {
    const auto paths = planner_.unit_paths(number_, u, bounds, std::max(1.0, loops * loops_));
    entry->second = paths.empty() ? nullptr : paths.front();
  }
  return entry->second;
}

// Source: initial_cost_nestloop(), final_cost_nestloop().
const Path* JoinSearch::nested_loop(const Path& outer, const Path& inner, int u,
                                    const std::vector<Link>& links, double rows, bool searched) {
  double run = inner.total;
  double again = run;
  double found = inner.rows;
  if (!searched) {  // kept in memory
    again = settings_.cpu_operator * inner.rows;
  } else if (is_semi(unit(u))) {
    double matched = 1;
    for (const Link& link : links) {
      matched = std::min(matched, semi_join_selectivity(*link.outer, *link.inner, rows_of(u)));
    }
    // A match ends the search early, at one of several; without one an index finds nothing to read.
    const double rows_found = std::max(1.0, inner.rows);
    again = run = inner.startup + (inner.total - inner.startup) *
                                      (matched * 2 / (rows_found + 1) + (1 - matched) / rows_found);
    found = 1;
  } else if (settings_.memoizes) {
    again = run = std::min(run, memoized(outer, inner, links));
  }
  Path path = joined_path(PathKind::kNestedLoop, outer, inner, rows);
  path.startup = outer.startup + inner.startup;
  path.total =
      outer.total + run + std::max(0.0, outer.rows - 1) * again + settings_.cpu_tuple * outer.rows * found +
      (searched ? 0 : settings_.cpu_operator * static_cast<double>(links.size()) * outer.rows * found);
  path.order = outer.order;
  return keep(std::move(path));
}

// A search whose answers are kept for values that come again. Source: cost_memoize_rescan().
double JoinSearch::memoized(const Path& outer, const Path& inner, const std::vector<Link>& links) const {
  double distinct = 1;
  for (const Link& link : links) {
    distinct *= distinct_among(link.outer->distinct(), link.outer->rows, outer.rows);
  }
  distinct = std::clamp(distinct, 1.0, std::max(1.0, outer.rows));
  const double entry = bytes_of(inner.rows, inner.width) + kCacheEntry;
  const double entries = std::max(1.0, std::floor(settings_.hash_memory / entry));
  const double hits = std::max(0.0, (outer.rows - distinct) / std::max(1.0, outer.rows)) *
                      (entries / std::max(distinct, entries));
  const double evicted = 1 - std::min(entries, distinct) / distinct;
  return inner.total * (1 - hits) + settings_.cpu_operator + settings_.cpu_tuple * (1 + evicted) +
         settings_.cpu_operator * inner.rows * (1 + evicted);
}

// No two rows of the unit are equal in what it is joined by.
bool JoinSearch::is_unique(int u, const std::vector<Link>& links) const {
  const Unit& next = unit(u);
  return next.kind == UnitKind::kTable && std::ranges::any_of(next.table->indexes, [&](const Index& index) {
           return index.def.unique && index.valid && index.def.predicate.empty() &&
                  std::ranges::all_of(index.def.keys, [&](const IndexKey& key) {
                    return std::ranges::any_of(links,
                                               [&](const Link& link) { return *link.key == key.expression; });
                  });
         });
}

void JoinSearch::hash_joins(const Path& outer, const Path& whole, int u, const std::vector<Link>& links,
                            Joined& into) {
  double inner_distinct = 1;
  double outer_distinct = 1;
  double share = 1;
  for (const Link& link : links) {
    inner_distinct *= link.inner->distinct();
    outer_distinct *= link.outer->distinct();
    share *= share_of(link);
  }
  const bool both_partial = outer.partial() && whole.partial();
  if (!whole.partial() || both_partial) {
    const double unique_share = is_unique(u, links) ? share : -1;
    add_path(into.paths, hash_join(outer, whole, inner_distinct, links.size(), into.rows, unique_share));
  }
  if (!is_semi(unit(u)) && (!outer.partial() || both_partial)) {
    add_path(into.paths, hash_join(whole, outer, outer_distinct, links.size(), into.rows, -1));
  }
}

const Path* JoinSearch::hash_join(const Path& outer, const Path& inner, double inner_distinct,
                                  std::size_t keys, double rows, double unique_share) {
  Path path = joined_path(PathKind::kHashJoin, outer, inner, rows);
  const HashJoin join{.outer = {outer.startup, outer.total},
                      .inner = {inner.startup, inner.total},
                      .outer_rows = outer.rows,
                      .inner_rows = inner.rows,
                      .outer_width = outer.width,
                      .inner_width = inner.width,
                      .inner_distinct = std::min(inner_distinct, std::max(1.0, inner.rows)),
                      .joined_rows = path.rows,
                      .keys = static_cast<int>(keys),
                      .unique_share = unique_share};
  const Cost cost = hash_join_cost(join, settings_);
  path.startup = cost.startup;
  path.total = cost.total;
  return keep(std::move(path));
}

// Both sides in the order of the first link. Source: initial_cost_mergejoin().
void JoinSearch::merge_join(const Path& outer, const Path& whole, const std::vector<Link>& links,
                            Joined& into) {
  if (whole.partial()) {
    return;
  }
  const auto by_key = [&](const Path& path) {
    const auto link = std::ranges::find_if(links, [&](const Link& one) {
      return !path.order.empty() && one.key_class == path.order.front().key_class;
    });
    return link == links.end() ? -1 : link->key_class;
  };
  const int outer_class = by_key(outer);
  const int inner_class = by_key(whole);
  const int key_class = outer_class >= 0 ? outer_class : inner_class >= 0 ? inner_class : links[0].key_class;
  const Path* left = outer_class == key_class ? &outer : sorted(outer, key_class);
  const Path* right = inner_class == key_class ? &whole : sorted(whole, key_class);
  Path path = joined_path(PathKind::kMergeJoin, *left, *right, into.rows);
  path.startup = left->startup + right->startup;
  path.total = left->total + right->total + settings_.cpu_operator * (left->rows + right->rows) +
               settings_.cpu_tuple * path.rows;
  path.order = left->order;
  add_path(into.paths, keep(std::move(path)));
}

const Path* JoinSearch::sorted(const Path& path, int key_class) {
  const Cost cost = sort_cost(path.rows, path.width, 0, settings_);
  Path sort{.kind = PathKind::kSort, .rows = path.rows, .width = path.width, .divisor = path.divisor};
  sort.startup = path.total + cost.startup;
  sort.total = path.total + cost.total;
  sort.order = {{key_class, false, false}};
  sort.children = {&path};
  return keep(std::move(sort));
}

}  // namespace planwise::cost_model
