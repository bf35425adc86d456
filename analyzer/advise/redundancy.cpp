#include "analyzer/advise/redundancy.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace planwise {
namespace {

std::vector<std::string> as_set(std::vector<std::string> columns) {
  std::ranges::sort(columns);
  columns.erase(std::unique(columns.begin(), columns.end()), columns.end());
  return columns;
}

IndexKey reversed(IndexKey key) {
  key.descending = !key.descending;
  key.nulls_first = !key.nulls_first;
  return key;
}

std::optional<ScanDirection> leading(const std::vector<IndexKey>& narrow, const std::vector<IndexKey>& wide) {
  if (narrow.empty() || narrow.size() > wide.size()) {
    return std::nullopt;
  }
  if (std::equal(narrow.begin(), narrow.end(), wide.begin())) {
    return ScanDirection::kForward;
  }
  const auto turned = [](const IndexKey& left, const IndexKey& right) { return left == reversed(right); };
  if (std::equal(narrow.begin(), narrow.end(), wide.begin(), turned)) {
    return ScanDirection::kBackward;
  }
  return std::nullopt;
}

bool holds(const IndexDef& index, const std::string& column) {
  const auto is_key = [&](const IndexKey& key) { return !key.is_expression && key.expression == column; };
  return std::ranges::any_of(index.keys, is_key) ||
         std::ranges::find(index.include, column) != index.include.end();
}

}  // namespace

bool is_duplicate(const IndexDef& left, const IndexDef& right) {
  return left.table == right.table && left.method == right.method && left.keys == right.keys &&
         as_set(left.include) == as_set(right.include) && left.predicate == right.predicate &&
         left.unique == right.unique && left.nulls_not_distinct == right.nulls_not_distinct;
}

std::optional<ScanDirection> covered_by(const IndexDef& narrow, const IndexDef& wide) {
  if (narrow.table != wide.table || narrow.method != IndexMethod::kBtree ||
      wide.method != IndexMethod::kBtree || narrow.unique || narrow.predicate != wide.predicate) {
    return std::nullopt;
  }
  const bool payload =
      std::ranges::all_of(narrow.include, [&](const std::string& c) { return holds(wide, c); });
  return payload ? leading(narrow.keys, wide.keys) : std::nullopt;
}

bool is_plain(const Index& index) {
  return !index.def.unique && index.constraint == ConstraintKind::kNone && !index.replica_identity &&
         !index.referenced && !index.expression_stats && index.parent_index.empty();
}

}  // namespace planwise
