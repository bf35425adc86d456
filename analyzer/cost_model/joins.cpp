#include <algorithm>
#include <cmath>

#include "analyzer/cost_model/join_search.h"

namespace planwise::cost_model {
namespace {

// Sets of units of one size that are extended further: the cheapest.
constexpr std::size_t kBeam = 24;

}  // namespace

double JoinSearch::Joined::cheapest() const {
  double best = 1e300;
  for (const Path* path : paths) {
    best = std::min(best, path->total);
  }
  return best;
}

JoinSearch::JoinSearch(Planner& planner, int number, bool bound, double loops)
    : planner_(planner),
      settings_(planner.settings()),
      number_(number),
      block_(planner.query().blocks[static_cast<std::size_t>(number)]),
      loops_(loops) {
  own_bounds_.resize(block_.units.size());
  for (const Binding& binding : block_.bindings) {
    if (bound) {
      own_bounds_[static_cast<std::size_t>(binding.unit)].push_back({binding.key, binding.share});
    }
  }
  note_useful_classes();
}

std::vector<const Path*> JoinSearch::run() {
  std::map<UnitSet, Joined> level;
  for (int u = 0; u < count(); ++u) {
    base_.push_back(base_paths(u));
    start(u, level);
  }
  for (int size = 1; size < count(); ++size) {
    std::map<UnitSet, Joined> next;
    for (const auto& [set, joined] : level) {
      extend(set, joined, next);
    }
    narrow(next);
    level = std::move(next);
  }
  return level.empty() ? std::vector<const Path*>{} : level.begin()->second.paths;
}

// Classes whose order could serve a join, the grouping, the sort or an extreme.
void JoinSearch::note_useful_classes() {
  useful_.assign(block_.fixed.size(), false);
  std::vector<int> seen(block_.fixed.size(), -1);
  for (int u = 0; u < count(); ++u) {
    for (const auto& [name, key] : unit(u).keys) {
      const auto at = static_cast<std::size_t>(key.key_class);
      useful_[at] = useful_[at] || (seen[at] >= 0 && seen[at] != u) ||
                    (block_.extreme && block_.extreme->second == name);
      seen[at] = u;
    }
  }
  for (const auto* list : {&block_.order, &block_.groups}) {
    for (const SortKey& key : *list) {
      if (key.key_class >= 0) {
        useful_[static_cast<std::size_t>(key.key_class)] = true;
      }
    }
  }
}

std::vector<const Path*> JoinSearch::base_paths(int u) {
  std::vector<const Path*> paths;
  const std::vector<Bound>& bounds = own_bounds_[static_cast<std::size_t>(u)];
  for (const Path* path : planner_.unit_paths(number_, u, {}, loops_)) {
    Path reduced = *path;
    for (const Bound& bound : bounds) {  // as a filter
      reduced.rows = std::max(1.0, reduced.rows * bound.share);
    }
    add_path(paths, keep(std::move(reduced)));
  }
  if (!bounds.empty() && !is_semi(unit(u))) {
    for (const Path* path : planner_.unit_paths(number_, u, bounds, loops_)) {
      add_path(paths, keep(*path));
    }
  }
  return paths;
}

void JoinSearch::start(int u, std::map<UnitSet, Joined>& level) {
  const Unit& first = unit(u);
  Joined joined{.paths = base_[static_cast<std::size_t>(u)]};
  if (first.kind == UnitKind::kSemi && first.needs != 0) {
    joined.paths = {unique(*joined.paths.front(), first)};
  } else if (first.needs != 0 || is_semi(first)) {
    return;
  }
  joined.rows = 1;
  for (const Path* path : joined.paths) {
    joined.rows = std::max(joined.rows, path->rows * path->divisor);
  }
  level.emplace(bit(u), std::move(joined));
}

// An IN's values, each once: then it joins like a table.
const Path* JoinSearch::unique(const Path& path, const Unit& semi) {
  double distinct = 1;
  for (const auto& [name, key] : semi.keys) {
    distinct *= key.values.distinct();
  }
  Path once{.kind = PathKind::kAggregate, .width = path.width};
  once.rows = std::max(1.0, std::min(path.rows, distinct));
  once.startup = path.total + settings_.cpu_operator * path.rows;
  once.total = once.startup + settings_.cpu_tuple * once.rows;
  once.children = {&path};
  return keep(std::move(once));
}

void JoinSearch::extend(UnitSet set, const Joined& joined, std::map<UnitSet, Joined>& next) {
  bool linked = false;
  for (const bool crossing : {false, true}) {
    for (int u = 0; u < count() && !(crossing && linked); ++u) {
      if ((set & bit(u)) != 0 || (unit(u).needs & ~set) != 0) {
        continue;
      }
      const std::vector<Link> links = links_between(set, u);
      const bool loose = std::ranges::any_of(block_.loose, [&](const LooseJoin& join) {
        return (join.units & bit(u)) != 0 && (join.units & set) != 0;
      });
      if ((links.empty() && !loose) != crossing) {
        continue;
      }
      linked = linked || !crossing;
      join(set, joined, u, links, next[set | bit(u)]);
    }
  }
}

std::vector<Link> JoinSearch::links_between(UnitSet set, int u) const {
  std::vector<Link> links;
  for (const auto& [name, key] : unit(u).keys) {
    const bool fixed = block_.fixed[static_cast<std::size_t>(key.key_class)] && !is_semi(unit(u));
    const bool known = std::ranges::find(links, key.key_class, &Link::key_class) != links.end();
    for (int v = 0; v < count() && !fixed && !known; ++v) {
      const auto other = (set & bit(v)) == 0 ? unit(v).keys.end()
                                             : std::ranges::find_if(unit(v).keys, [&](const auto& entry) {
                                                 return entry.second.key_class == key.key_class;
                                               });
      if (other != unit(v).keys.end()) {
        links.push_back({key.key_class, v, &other->second.values, &key.values, &name});
        break;
      }
    }
  }
  return links;
}

void JoinSearch::narrow(std::map<UnitSet, Joined>& level) {
  if (level.size() <= kBeam) {
    return;
  }
  std::vector<double> costs;
  for (const auto& [set, joined] : level) {
    costs.push_back(joined.cheapest());
  }
  std::ranges::nth_element(costs, costs.begin() + kBeam);
  const double dearest = costs[kBeam];
  std::erase_if(level, [&](const auto& entry) { return entry.second.cheapest() > dearest; });
}

double JoinSearch::share_of(const Link& link) {
  const auto [entry, added] = shares_.try_emplace({link.outer, link.inner}, 0);
  if (added) {
    entry->second = join_selectivity(*link.outer, *link.inner);
  }
  return entry->second;
}

double JoinSearch::joined_rows(UnitSet set, const Joined& joined, int u, const std::vector<Link>& links) {
  const Unit& next = unit(u);
  const double inner_rows = rows_of(u);
  double rows = joined.rows;
  if (is_semi(next)) {
    double found = links.empty() ? 0.5 : 1;
    for (const Link& link : links) {
      found = std::min(found, semi_join_selectivity(*link.outer, *link.inner, inner_rows));
    }
    rows *= next.kind == UnitKind::kSemi ? found : std::max(0.0, 1 - found);
    return std::max(1.0, rows);
  }
  rows *= inner_rows;
  for (const Link& link : links) {
    rows *= share_of(link);
  }
  for (const LooseJoin& join : block_.loose) {
    const bool complete = (join.units & ~(set | bit(u))) == 0 && (join.units & bit(u)) != 0;
    rows *= complete ? join.share : 1;
  }
  return std::max({1.0, std::rint(rows), next.nullable ? joined.rows : 1.0});
}

double JoinSearch::rows_of(int u) const {
  double rows = 1;
  for (const Path* path : base_[static_cast<std::size_t>(u)]) {
    rows = std::max(rows, path->rows * path->divisor);
  }
  return rows;
}

void JoinSearch::join(UnitSet set, const Joined& joined, int u, const std::vector<Link>& links,
                      Joined& into) {
  const double rows = joined_rows(set, joined, u, links);
  into.rows = into.paths.empty() ? rows : into.rows;
  const Path* inner = parameterised(u, links);
  for (const Path* outer : joined.paths) {
    if (inner != nullptr) {
      add_path(into.paths, nested_loop(*outer, *inner, u, links, into.rows, true));
    }
    for (const Path* whole : base_[static_cast<std::size_t>(u)]) {
      if (!whole->partial() && (links.empty() || rows_of(u) <= 1000)) {
        add_path(into.paths, nested_loop(*outer, *whole, u, links, into.rows, false));
      }
      if (!links.empty()) {
        hash_joins(*outer, *whole, u, links, into);
        merge_join(*outer, *whole, links, into);
      }
    }
  }
}

std::vector<const Path*> join_paths(Planner& planner, int block, bool bound, double loops) {
  return JoinSearch(planner, block, bound, loops).run();
}

}  // namespace planwise::cost_model
