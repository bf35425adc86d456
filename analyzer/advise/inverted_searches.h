// What statements ask that an inverted index (GIN) could answer: containment in jsonb and arrays, text
// search, and patterns by their trigrams.
#pragma once

#include <string>
#include <vector>

#include "analyzer/advise/inverted_entries.h"
#include "analyzer/model/snapshot.h"
#include "analyzer/sql/shape.h"

namespace planwise {

// One condition on one table that an index on `key` finds the rows of.
struct InvertedCondition {
  IndexKey key;  // with its operator class; of jsonb without
  EntryKind kind = EntryKind::kElements;
  const Column* column = nullptr;
  std::string op;             // as the statement and its plan write it
  double search_entries = 1;  // looked up for one search, as far as the text tells
  bool any_class = false;     // of jsonb: jsonb_path_ops serves it too, and is the smaller
};

// Conditions of which all or, with several, any must hold: the branches of an OR.
struct InvertedSearch {
  const Table* table = nullptr;  // partitions speak as their root
  std::vector<InvertedCondition> any_of;
};

// In the order of blocks and predicates. Operators are looked up as the catalogue has them: gin_trgm_ops only
// where pg_trgm is installed, for patterns that are unknown or have three letters or digits in a row; text
// search by expression only with a constant configuration, which alone is immutable. `value = ANY
// (array_column)` is not served by GIN; <@ is not for jsonb, and for arrays reads every row that shares an
// element: it is left out. Source: https://www.postgresql.org/docs/current/gin-builtin-opclasses.html,
// https://www.postgresql.org/docs/current/pgtrgm.html, https://www.postgresql.org/docs/current/intarray.html
[[nodiscard]] std::vector<InvertedSearch> inverted_searches(const StatementShape& shape,
                                                            const Snapshot& snapshot);

// An operator class of an extension as CREATE INDEX must name it: with its schema where the search path has
// it not.
[[nodiscard]] std::string opclass_name(const Snapshot& snapshot, const std::string& extension,
                                       const std::string& opclass);

}  // namespace planwise
