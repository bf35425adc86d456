#include "tests/support/fake_what_if.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace planwise {
namespace {

constexpr double kNever = std::numeric_limits<double>::infinity();
constexpr double kRange = 0.3;  // of the rows that a range keeps
constexpr double kPage = 1;
constexpr double kRow = 0.01;
constexpr double kVisit = 0.5;  // of the heap, for one row found in an index

bool has(const std::vector<IndexKey>& keys, const IndexKey& key) {
  return std::ranges::any_of(keys, [&](const IndexKey& k) { return k.expression == key.expression; });
}

double one_of(const IndexKey& key, const Table& table) {
  const Column* column = table.find_column(key.expression);
  return column != nullptr && column->stats && column->stats->distinct > 0 ? 1 / column->stats->distinct
                                                                           : 0.1;
}

bool implied(const std::string& predicate, const AccessPattern& pattern) {
  for (std::size_t at = 0; at < predicate.size();) {
    const std::size_t end = std::min(predicate.find(" AND ", at), predicate.size());
    const std::string part = predicate.substr(at, end - at);
    if (std::ranges::find(pattern.conditions, part, &PartialCondition::text) == pattern.conditions.end()) {
      return false;
    }
    at = end + 5;
  }
  return true;
}

bool covers(const AccessPattern& pattern, const IndexDef& index) {
  return !pattern.all_columns && std::ranges::all_of(pattern.columns, [&](const std::string& column) {
    return std::ranges::any_of(index.keys, [&](const IndexKey& k) { return k.expression == column; }) ||
           std::ranges::find(index.include, column) != index.include.end();
  });
}

double sort_cost(double rows) {
  return rows * std::log2(rows + 2) * kRow;
}

}  // namespace

double fake_cost(const AccessPattern& pattern, const IndexDef* index) {
  const Table& table = *pattern.table;
  const double rows = table.rows.value_or(Rows{}).count;
  double wanted = 1;
  for (const IndexKey& key : pattern.pinned) {
    wanted *= index != nullptr && index->predicate.find(key.expression) != std::string::npos
                  ? 1
                  : one_of(key, table);
  }
  for (std::size_t i = 0; i < pattern.ranges.size(); ++i) {
    wanted *= kRange;
  }
  const bool sorts = !pattern.order.empty() || !pattern.grouped.empty();
  if (index == nullptr) {
    return static_cast<double>(table.pages) * kPage + rows * kRow + (sorts ? sort_cost(rows * wanted) : 0);
  }
  if (index->table != table.name || index->method != IndexMethod::kBtree ||
      !implied(index->predicate, pattern)) {
    return kNever;
  }
  std::vector<IndexKey> equal = pattern.pinned;
  for (const std::vector<IndexKey>& keys : pattern.joined) {
    equal.insert(equal.end(), keys.begin(), keys.end());
  }
  double found = 1;
  std::size_t at = 0;
  for (; at < index->keys.size() && has(equal, index->keys[at]); ++at) {
    found *= one_of(index->keys[at], table);
  }
  const std::vector<IndexKey>& order = pattern.order.empty() ? pattern.grouped : pattern.order;
  bool ordered = !order.empty() && index->keys.size() - at >= order.size();
  for (std::size_t i = 0; ordered && i < order.size(); ++i) {
    ordered = index->keys[at + i].expression == order[i].expression;
  }
  if (at < index->keys.size() && has(pattern.ranges, index->keys[at])) {
    found *= kRange;
  } else if (at == 0 && !ordered && index->predicate.empty()) {
    return kNever;
  }
  double read = rows * found * (index->predicate.empty() ? 1 : 0.1);
  if (ordered && pattern.limited) {
    read = std::min(read, 20 * found / std::max(wanted, 1e-9));
  }
  const double visit = covers(pattern, *index) ? kRow : kVisit;
  return 1 + std::log2(rows + 2) * kRow + read * visit + (sorts && !ordered ? sort_cost(read) : 0);
}

namespace {

// As PostgreSQL would: the walk under the LIMIT has its full cost, and no condition where the index gives
// only order.
Plan limited_plan(const AccessPattern& pattern, const IndexDef& index, double cost) {
  const auto pinned = std::ranges::count_if(pattern.pinned, [&](const IndexKey& key) {
    return index.predicate.find(key.expression) == std::string::npos;
  });
  PlanNode scan{.kind = NodeKind::kIndexScan, .table = pattern.table->name.table, .index = "hypothetical"};
  scan.schema = pattern.table->name.schema;
  const bool searches = has(pattern.pinned, index.keys.front());
  scan.index_condition = searches ? "key = $1" : "";
  scan.filter = pinned > 0 ? "key = $1" : "";
  scan.rows = Rows{pattern.table->rows->count * (pinned > 0 ? 0.01 : 1)};
  scan.cost = PlanCost{std::max(cost, pattern.table->rows->count * kVisit)};
  Plan plan{.root = {.kind = NodeKind::kLimit, .cost = PlanCost{cost}}};
  plan.root.children.push_back(std::move(scan));
  return plan;
}

}  // namespace

Result<std::vector<StatementCost>> FakeWhatIf::costs(std::span<const StatementId> statements,
                                                     const IndexSet& indexes, bool with_plans) {
  std::vector<StatementCost> answers;
  for (const StatementId id : statements) {
    if (asked++ >= fails_after) {
      return Error{ErrorCode::kUnavailable, "the connection was closed"};
    }
    StatementCost& answer = answers.emplace_back();
    if (unplannable.contains(id)) {
      answer.error = "function frobnicate(integer) does not exist";
      continue;
    }
    double total = 0;
    std::set<std::size_t> used;
    for (const AccessPattern& pattern : access_patterns(shapes_.at(id), snapshot_)) {
      double best = fake_cost(pattern, nullptr);
      std::optional<std::size_t> by;
      for (const Index& index : pattern.table->indexes) {
        const IndexName name{pattern.table->name.schema, index.name};
        if (std::ranges::find(indexes.removed, name) == indexes.removed.end()) {
          best = std::min(best, fake_cost(pattern, &index.def));
        }
      }
      for (std::size_t i = 0; i < indexes.added.size(); ++i) {
        if (const double cost = fake_cost(pattern, &indexes.added[i]); cost < best) {
          best = cost;
          by = i;
        }
      }
      total += best;
      if (by) {
        used.insert(*by);
      }
    }
    answer.cost = PlanCost{total};
    const std::vector<AccessPattern> patterns = access_patterns(shapes_.at(id), snapshot_);
    if (with_plans && patterns.size() == 1 && patterns.front().limited && !used.empty()) {
      answer.plan = limited_plan(patterns.front(), indexes.added[*used.begin()], total);
    }
    answer.used.assign(used.begin(), used.end());
  }
  return answers;
}

Result<Bytes> FakeWhatIf::size(const IndexDef& index) {
  if (refused.contains(index)) {
    return Error{ErrorCode::kInvalidArgument, "functions in index expression must be marked IMMUTABLE"};
  }
  const Table* table = snapshot_.schema.find(index.table);
  const auto columns = static_cast<double>(index.keys.size() + index.include.size());
  const double part = index.predicate.empty() ? 1 : 0.1;
  return Bytes{
      static_cast<std::int64_t>(8192 + table->rows.value_or(Rows{}).count * part * (12 + 8 * columns))};
}

}  // namespace planwise
