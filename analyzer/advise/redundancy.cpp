#include "analyzer/advise/redundancy.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstddef>
#include <string>
#include <string_view>
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

// Without white space, parentheses and casts to text; what stands in quotes as it is.
std::string canonical(std::string_view text) {
  std::string kept;
  char quote = 0;
  for (std::size_t i = 0; i < text.size();) {
    const std::string_view rest = text.substr(i);
    const char c = rest.front();
    if (quote != 0 || c == '\'' || c == '"') {
      quote = quote == 0 ? c : c == quote ? '\0' : quote;
      kept += c;
      ++i;
      continue;
    }
    static constexpr std::array<std::string_view, 4> kCasts{"::text", "::character varying", "::bpchar",
                                                            "::regconfig"};
    const auto* const cast =
        std::ranges::find_if(kCasts, [&](std::string_view one) { return rest.starts_with(one); });
    if (cast != kCasts.end()) {
      i += cast->size();
      continue;
    }
    if (std::isspace(static_cast<unsigned char>(c)) == 0 && c != '(' && c != ')') {
      kept += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    }
    ++i;
  }
  return kept;
}

}  // namespace

bool same_expression(std::string_view left, std::string_view right) {
  return canonical(left) == canonical(right);
}

IndexDef in_spelling_of(IndexDef def, const IndexDef& other) {
  for (std::size_t i = 0; i < std::min(def.keys.size(), other.keys.size()); ++i) {
    IndexKey& key = def.keys[i];
    if (key.is_expression && other.keys[i].is_expression &&
        same_expression(key.expression, other.keys[i].expression)) {
      key.expression = other.keys[i].expression;
    }
  }
  if (same_expression(def.predicate, other.predicate)) {
    def.predicate = other.predicate;
  }
  return def;
}

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
