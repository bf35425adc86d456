// An index as the cost model sees it: its size, its predicate read, whether a statement may use it.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "analyzer/advise/btree_size.h"
#include "analyzer/model/snapshot.h"
#include "analyzer/sql/shape.h"

namespace planwise::cost_model {

struct IndexInfo {
  IndexDef def;
  std::string name{};                     // of an existing one; else empty
  std::optional<std::size_t> position{};  // in IndexSet::added; nullopt for an existing one
  double pages = 1;
  double rows = 0;
  int height = 0;                      // of the tree, leaves not counted
  double correlation = 0;              // of entries to rows, -1..1; as if all keys were one
  std::vector<Predicate> predicate{};  // AND-ed conditions of a partial index
  double predicate_share = 1;
};

// nullopt for what is not modelled: other methods than B-tree, a predicate that is more than AND-ed
// conditions.
[[nodiscard]] std::optional<IndexInfo> existing_index(const Index& index, const Table& table,
                                                      const Snapshot& snapshot);
[[nodiscard]] std::optional<IndexInfo> proposed_index(const IndexDef& def, const Table& table,
                                                      const Snapshot& snapshot);

// How entries of the index are stored, for btree_size().
[[nodiscard]] BtreeShape btree_shape(const IndexDef& def, const Table& table, const Snapshot& snapshot,
                                     double rows);

// `flag = true` says what `flag` says: conditions on booleans in one form.
[[nodiscard]] Predicate plain(Predicate predicate, const Table& table);

// Whether rows that satisfy all of `given`, and have no NULL in `not_null` (columns that are compared with
// something), satisfy `wanted`. Simple proofs only, as predicate_implied_by() in predtest.c makes them: no
// answer is no.
[[nodiscard]] bool implies(std::span<const Predicate> given, std::span<const std::string> not_null,
                           const Predicate& wanted, const Table& table);

}  // namespace planwise::cost_model
