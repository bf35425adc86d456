// What the entries of an index hold, as far as statistics tell without asking the server.
#pragma once

#include <optional>

#include "analyzer/advise/btree_size.h"
#include "analyzer/model/schema.h"

namespace planwise {

// A column's values, or those of an expression that follow from a column's: lower(x) and upper(x) are as long
// and as distinct as x, a time cut to days has as many values as there are days between its ends. nullopt for
// an unknown column and for other expressions.
[[nodiscard]] std::optional<EntryColumn> key_entry(const Table& table, const IndexKey& key);

// Percent of a B-tree page that a build fills: the index's own option, else 90.
[[nodiscard]] int fill_factor(const IndexDef& index);

}  // namespace planwise
