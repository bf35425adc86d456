// Lists of index keys: what makes two keys the same search, and how lists join.
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include "analyzer/model/schema.h"

namespace planwise {

using Keys = std::vector<IndexKey>;

// An index entry with more payload than this costs more to keep in memory than a visit to the heap saves.
inline constexpr std::size_t kMaxPayloadColumns = 5;

// Whether a key on the same column or expression is among them, whatever its direction or operator class.
[[nodiscard]] inline bool has_key(const Keys& keys, const IndexKey& key) {
  return std::ranges::any_of(keys, [&](const IndexKey& other) {
    return other.expression == key.expression && other.is_expression == key.is_expression;
  });
}

// The keys of `head`, then those of `tail` that it lacks.
[[nodiscard]] inline Keys joined(const Keys& head, const Keys& tail) {
  Keys all = head;
  for (const IndexKey& key : tail) {
    if (!has_key(all, key)) {
      all.push_back(key);
    }
  }
  return all;
}

}  // namespace planwise
