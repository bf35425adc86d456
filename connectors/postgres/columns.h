// Columns, and what ANALYZE knows of their values.
#pragma once

#include <span>

#include "analyzer/base/result.h"
#include "connectors/postgres/catalog_query.h"
#include "connectors/postgres/session.h"
#include "connectors/postgres/tables.h"

namespace planwise::pg {

[[nodiscard]] const CatalogQuery& columns_query() noexcept;
// $1, $2: schemas and names of the tables asked for, as two text[].
[[nodiscard]] const CatalogQuery& column_stats_query() noexcept;

// Fills Table::columns of every table. One round trip.
Result<void> read_columns(Session& session, TableList& list);

// Fills Column::stats of the tables at these positions of `list`, some hundred tables a round trip. A table
// the role may not read, or that was never analysed, has none. Distinct counts are absolute; of a table whose
// number of rows is not known, a relative one is 0.
Result<void> read_column_stats(Session& session, TableList& list, std::span<const std::size_t> positions);

}  // namespace planwise::pg
