// Indexes: what they are, what they back, and how much they are used.
#pragma once

#include "analyzer/base/result.h"
#include "connectors/postgres/catalog_query.h"
#include "connectors/postgres/session.h"
#include "connectors/postgres/tables.h"

namespace planwise::pg {

[[nodiscard]] const CatalogQuery& indexes_query() noexcept;
// $1, $2: schemas and names of indexes on expressions, as two text[]; answers those with statistics.
[[nodiscard]] const CatalogQuery& expression_stats_query() noexcept;

// Fills Table::indexes of every table, by name. The size of a locked index is pages times the block size.
Result<void> read_indexes(Session& session, TableList& list);

}  // namespace planwise::pg
