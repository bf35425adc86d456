#include "analyzer/advise/plan_estimate.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstddef>
#include <string_view>

namespace planwise {
namespace {

// The planner's defaults (src/include/optimizer/cost.h).
constexpr double kTupleCost = 0.01;
constexpr double kOperatorCost = 0.0025;
// Rows that one condition other than an equality keeps (DEFAULT_INEQ_SEL, selfuncs.h).
constexpr double kRangeShare = 1.0 / 3;

bool is_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '$';
}

// Where the condition names the key, a column of that name in another table ("t.id") left out.
std::optional<std::size_t> find_key(std::string_view condition, const IndexKey& key) {
  const std::string_view name = key.expression;
  for (std::size_t at = condition.find(name); at != std::string_view::npos && !name.empty();
       at = condition.find(name, at + 1)) {
    const char before = at == 0 ? ' ' : condition[at - 1];
    const std::size_t end = at + name.size();
    if (key.is_expression ||
        (!is_word(before) && before != '.' &&
         (end == condition.size() || (!is_word(condition[end]) && condition[end] != '.')))) {
      return at;
    }
  }
  return std::nullopt;
}

std::size_t matched_keys(const IndexDef& index, std::string_view condition) {
  std::size_t matched = 0;
  while (matched < index.keys.size() && find_key(condition, index.keys[matched])) {
    ++matched;
  }
  return matched;
}

// Of the entries that the other keys find, those that the key's condition keeps.
double share_kept(const IndexKey& key, std::string_view condition, const Table& table) {
  const std::optional<std::size_t> at = find_key(condition, key);
  const Column* column = table.find_column(key.expression);
  const bool equal = at && condition.substr(*at + key.expression.size()).substr(0, 3) == " = ";
  if (!equal || column == nullptr || !column->stats || column->stats->distinct <= 0) {
    return kRangeShare;
  }
  return 1 / column->stats->distinct;
}

bool holds(const IndexDef& index, const std::string& column) {
  return std::ranges::any_of(index.keys, [&](const IndexKey& key) { return key.expression == column; }) ||
         std::ranges::find(index.include, column) != index.include.end();
}

bool holds_all_of(const IndexDef& index, const IndexDef& other) {
  return std::ranges::all_of(other.keys, [&](const IndexKey& key) { return holds(index, key.expression); }) &&
         std::ranges::all_of(other.include, [&](const std::string& column) { return holds(index, column); });
}

bool starts_with(const IndexDef& index, const IndexDef& lead) {
  return index.keys.size() >= lead.keys.size() &&
         std::equal(lead.keys.begin(), lead.keys.end(), index.keys.begin());
}

PlanWork sorted(double rows) {
  return {.cpu = 2 * kOperatorCost * rows * std::log2(std::max(rows, 2.0))};
}

}  // namespace

std::optional<PlanWork> by_full_scan(const IndexRead& read, const Table& table) {
  if (read.correlated || !table.rows) {
    return std::nullopt;
  }
  const double rows = table.rows->count;
  PlanWork work{.cpu = rows * (kTupleCost + kOperatorCost),
                .sequential_pages = static_cast<double>(table.pages)};
  if (read.loops > 1) {  // every row is looked up in a hash of the outer ones
    work.cpu += rows * 2 * kOperatorCost + read.loops * (kTupleCost + kOperatorCost);
  } else if (read.ordered) {
    work += sorted(read.rows);
  }
  return work;
}

std::optional<PlanWork> by_index(const IndexRead& read, const Candidate& from, const Candidate& to,
                                 const Table& table) {
  const bool same_rows = to.def.predicate.empty() || to.def.predicate == from.def.predicate;
  if (to.def.table != from.def.table || to.def.method != from.def.method || !same_rows) {
    return std::nullopt;
  }
  const std::size_t looked_up = matched_keys(from.def, read.condition);
  const std::size_t found = matched_keys(to.def, read.condition);
  const bool keeps_order = starts_with(to.def, from.def);
  if ((looked_up > 0 ? found == 0 : !keeps_order) || read.correlated) {
    return std::nullopt;
  }
  double share = to.def.predicate.empty() ? from.fraction : 1;
  for (std::size_t i = 0; i < looked_up; ++i) {
    const auto end = to.def.keys.begin() + static_cast<std::ptrdiff_t>(found);
    if (std::find(to.def.keys.begin(), end, from.def.keys[i]) == end) {
      share *= share_kept(from.def.keys[i], read.condition, table);
    }
  }
  const double times = 1 / std::max(share, 1 / std::max(table.rows.value_or(Rows{}).count, 1.0));
  PlanWork work{.cpu = read.work.cpu * times, .random_pages = read.work.random_pages * times};
  if (read.covering && !holds_all_of(to.def, from.def)) {
    work.random_pages += read.rows * times;
  }
  if (read.ordered && read.loops <= 1 && !keeps_order) {
    work += sorted(read.rows);
  }
  return work;
}

}  // namespace planwise
