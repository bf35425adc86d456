#include <algorithm>
#include <cmath>
#include <limits>

#include "analyzer/cost_model/formulas.h"
#include "analyzer/cost_model/planner.h"

namespace planwise::cost_model {
namespace {

constexpr double kUnknownLimit = 0.1;  // of the rows. Source: preprocess_limit() in planner.c
constexpr double kSeveralColumns =
    0.1;  // of the rows as groups of several columns. Source: estimate_num_groups()

constexpr double kGroupBytes = 150;  // of a hash table's entry besides its key. Source: hash_agg_entry_size()

class Finisher {
 public:
  Finisher(Planner& planner, int number)
      : planner_(planner),
        settings_(planner.settings()),
        block_(planner.query().blocks[static_cast<std::size_t>(number)]) {
    for (const SortKey& key : block_.order) {
      if (key.key_class < 0 || !is_fixed(key)) {
        wanted_.push_back(key);
      }
    }
    for (const int child : block_.once) {
      once_.push_back(&planner.block(child, false, 1));
    }
    for (const int child : block_.per_row) {
      per_row_.push_back(&planner.block(child, true, 1));
    }
  }

  const Path* finish(std::span<const Path* const> inputs) {
    std::vector<const Path*> ends;
    for (const Path* input : inputs) {
      if (is_grouping()) {
        if (input->partial()) {
          ends.push_back(ordered(*grouped_by_workers(*input)));
          continue;
        }
        ends.push_back(ordered(*grouped(*input, false)));
        if (block_.grouped) {
          ends.push_back(ordered(*grouped(*input, true)));
        }
        if (const Path* extreme = first_of_order(*input)) {
          ends.push_back(extreme);
        }
      } else {
        ends.push_back(ordered(input->partial() ? *gather(*input) : *input));
      }
    }
    const auto best = std::ranges::min_element(ends, {}, [](const Path* path) { return path->total; });
    if (best != ends.end()) {
      return with_once(**best);
    }
    Path none;
    none.startup = none.total = std::numeric_limits<double>::infinity();
    return planner_.keep(std::move(none));
  }

 private:
  [[nodiscard]] bool is_fixed(const SortKey& key) const {
    return block_.fixed[static_cast<std::size_t>(key.key_class)];
  }
  [[nodiscard]] bool is_grouping() const { return block_.grouped || block_.aggregates; }

  const Path* gather(const Path& path) { return planner_.keep(gathered(path, settings_, &path)); }

  [[nodiscard]] static Path above(PathKind kind, const Path& input) {
    Path path{.kind = kind, .rows = input.rows, .width = input.width, .divisor = input.divisor};
    path.startup = input.startup;
    path.total = input.total;
    path.order = input.order;
    path.children = {&input};
    return path;
  }

  // Conditions on no single unit, and sub-queries run for every row.
  Path checked(const Path& input) const {
    double each = block_.loose_share < 1 ? settings_.cpu_operator : 0;
    for (const Path* child : per_row_) {
      each += child->total;
    }
    Path path = input;
    path.total += each * input.rows;
    path.rows = std::max(1.0, input.rows * block_.loose_share);
    return path;
  }

  [[nodiscard]] double group_count(double rows) const {
    double groups = 1;
    double unknown = 1;
    for (std::size_t u = 0; u < block_.units.size(); ++u) {
      const Unit& unit = block_.units[u];
      double distinct = 1;
      int columns = 0;
      for (const auto& [of, values] : block_.group_values) {
        if (of == static_cast<int>(u)) {
          distinct *= values;
          ++columns;
        }
      }
      if (columns > 1) {
        distinct = std::min(distinct, std::max(1.0, unit.table_rows * kSeveralColumns));
      }
      groups *=
          columns > 0 ? distinct_among(distinct, unit.table_rows, std::min(unit.rows, unit.table_rows)) : 1;
    }
    for (const auto& [of, values] : block_.group_values) {
      unknown *= of < 0 ? values : 1;
    }
    return std::clamp(groups * unknown, 1.0, std::max(1.0, rows));
  }

  [[nodiscard]] double key_count() const { return static_cast<double>(block_.group_values.size()); }

  // Rows of a group come one behind the other.
  [[nodiscard]] bool is_grouped_order(const std::vector<SortKey>& order) const {
    std::vector<int> classes;
    for (const SortKey& key : block_.groups) {
      if (key.key_class < 0) {
        return false;
      }
      if (!is_fixed(key) && std::ranges::find(classes, key.key_class) == classes.end()) {
        classes.push_back(key.key_class);
      }
    }
    return order.size() >= classes.size() && !block_.groups.empty() &&
           std::all_of(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(classes.size()),
                       [&](const SortKey& key) {
                         return std::ranges::find(classes, key.key_class) != classes.end();
                       });
  }

  // Source: cost_agg().
  const Path* grouped(const Path& input, bool by_order) {
    const Path* from = planner_.keep(checked(input));
    if (by_order && !is_grouped_order(from->order)) {
      const Cost sort = sort_cost(from->rows, from->width, 0, settings_);
      Path path = above(PathKind::kSort, *from);
      path.startup = from->total + sort.startup;
      path.total = from->total + sort.total;
      path.order.clear();
      for (const SortKey& key : wanted_) {  // the sort may as well follow ORDER BY
        if (std::ranges::find(block_.groups, key.key_class, &SortKey::key_class) == block_.groups.end()) {
          break;
        }
        path.order.push_back(key);
      }
      from = planner_.keep(std::move(path));
    }
    const double groups = block_.grouped ? group_count(from->rows) : 1;
    const double work = settings_.cpu_operator * from->rows * (key_count() + (block_.aggregates ? 1 : 0));
    Path path = above(PathKind::kAggregate, *from);
    path.startup = by_order ? from->startup : from->total + work;
    path.total = from->total + work + settings_.cpu_tuple * groups;
    path.rows = std::max(1.0, groups * block_.having_share);
    if (!by_order) {
      path.order.clear();
    }
    if (!by_order && block_.grouped && groups * (from->width + kGroupBytes) > settings_.hash_memory) {
      // Rows of groups that have no room go to disk and come back.
      const double pages = std::ceil(bytes_of(from->rows, from->width) / 8192);
      const double spilt = pages * settings_.random_page + 2 * settings_.cpu_tuple * from->rows;
      path.startup += spilt;
      path.total += spilt + pages * settings_.seq_page;
    }
    return planner_.keep(std::move(path));
  }

  // Each worker groups its share; what comes of it is gathered and grouped again.
  const Path* grouped_by_workers(const Path& input) {
    const Path* part = planner_.keep(checked(input));
    const double groups = block_.grouped ? group_count(part->rows) : 1;
    Path own = above(PathKind::kAggregate, *part);
    own.total += settings_.cpu_operator * part->rows * (key_count() + 1) + settings_.cpu_tuple * groups;
    own.startup = own.total;
    own.rows = groups;
    own.order.clear();
    const Path* gathered_rows = gather(*planner_.keep(std::move(own)));
    Path path = above(PathKind::kAggregate, *gathered_rows);
    path.total +=
        settings_.cpu_operator * gathered_rows->rows * (key_count() + 1) + settings_.cpu_tuple * groups;
    path.startup = path.total;
    path.rows = block_.grouped ? group_count(part->rows * part->divisor) * block_.having_share : 1;
    path.order.clear();
    return planner_.keep(std::move(path));
  }

  // min() and max() read one end of an index. Source: preprocess_minmax_aggregates() in planagg.c.
  const Path* first_of_order(const Path& input) {
    if (!block_.extreme || input.partial() || input.order.empty() || input.indexes.size() != 1) {
      return nullptr;
    }
    const auto& [unit, key] = *block_.extreme;
    const auto found = block_.units[static_cast<std::size_t>(unit)].keys.find(key);
    if (found == block_.units[static_cast<std::size_t>(unit)].keys.end() ||
        input.order.front().key_class != found->second.key_class) {
      return nullptr;
    }
    Path first = above(PathKind::kLimit, input);
    first.rows = 1;
    first.total = input.startup + (input.total - input.startup) / std::max(1.0, input.rows);
    const Path* limit = planner_.keep(std::move(first));
    Path path = above(PathKind::kResult, *limit);
    path.total += settings_.cpu_tuple;
    return planner_.keep(std::move(path));
  }

  // How many keys of ORDER BY the rows come sorted by.
  [[nodiscard]] std::size_t sorted_keys(const Path& path) const {
    std::size_t count = 0;
    while (count < wanted_.size() && count < path.order.size() && wanted_[count] == path.order[count]) {
      ++count;
    }
    return count;
  }

  const Path* ordered(const Path& input) {
    const Path* from = is_grouping() ? &input : planner_.keep(checked(input));
    if (block_.windows) {
      const Cost sort = sort_cost(from->rows, from->width, 0, settings_);
      Path window = above(PathKind::kSort, *from);
      window.startup = from->total + sort.startup;
      window.total = from->total + sort.total + settings_.cpu_operator * from->rows;
      window.order.clear();
      from = planner_.keep(std::move(window));
    }
    const double wanted = wanted_rows(*from);
    const std::size_t sorted = sorted_keys(*from);
    if (sorted < wanted_.size()) {
      from = sorted > 0 && settings_.sorts_partially ? sorted_in_groups(*from, wanted)
                                                     : sorted_whole(*from, wanted);
    }
    if (!block_.limited) {
      return from;
    }
    Path limit = above(PathKind::kLimit, *from);
    const double share = std::min(1.0, wanted / std::max(1.0, from->rows));
    limit.total = from->startup + (from->total - from->startup) * share;
    limit.rows = std::min(from->rows, wanted);
    return planner_.keep(std::move(limit));
  }

  [[nodiscard]] double wanted_rows(const Path& path) const {
    if (!block_.limited) {
      return 0;
    }
    return block_.limit ? std::max(1.0, *block_.limit) : std::max(1.0, std::rint(path.rows * kUnknownLimit));
  }

  const Path* sorted_whole(const Path& from, double wanted) {
    const Cost sort = sort_cost(from.rows, from.width, wanted, settings_);
    Path path = above(PathKind::kSort, from);
    path.startup = from.total + sort.startup;
    path.total = from.total + sort.total;
    path.order = wanted_;
    return planner_.keep(std::move(path));
  }

  // Rows equal in the leading keys are sorted group by group. Source: cost_incremental_sort().
  const Path* sorted_in_groups(const Path& from, double wanted) {
    const int leading = from.order.front().key_class;
    double distinct = kDefaultDistinct;
    for (const Unit& unit : block_.units) {
      for (const auto& [name, key] : unit.keys) {
        if (key.key_class == leading) {
          distinct = distinct_among(key.values.distinct(), unit.table_rows, from.rows);
        }
      }
    }
    const double groups = std::clamp(distinct, 1.0, std::max(1.0, from.rows));
    const Cost sort = sort_cost(1.5 * from.rows / groups, from.width, wanted, settings_);
    Path path = above(PathKind::kSort, from);
    path.startup = from.startup + (from.total - from.startup) / groups + sort.startup;
    path.total = path.startup + (from.total - from.startup) * (1 - 1 / groups) + sort.total - sort.startup +
                 sort.total * (groups - 1) + (settings_.cpu_tuple + 2 * settings_.cpu_operator) * from.rows;
    path.order = wanted_;
    return planner_.keep(std::move(path));
  }

  const Path* with_once(const Path& path) {
    if (once_.empty() && per_row_.empty()) {
      return &path;
    }
    Path all = path;
    for (const Path* child : once_) {
      all.startup += child->total;
      all.total += child->total;
      all.children.push_back(child);
    }
    all.children.insert(all.children.end(), per_row_.begin(), per_row_.end());
    return planner_.keep(std::move(all));
  }

  Planner& planner_;
  const CostSettings& settings_;
  const Block& block_;
  std::vector<SortKey> wanted_;  // ORDER BY less what has one value
  std::vector<const Path*> once_;
  std::vector<const Path*> per_row_;
};

}  // namespace

const Path* finish_block(Planner& planner, int block, std::span<const Path* const> inputs) {
  return Finisher(planner, block).finish(inputs);
}

}  // namespace planwise::cost_model
