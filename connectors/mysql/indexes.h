// Indexes of the watched tables, with their sizes, the statistics of their prefixes and how much they are
// used.
#pragma once

#include <string_view>

#include "analyzer/base/result.h"
#include "connectors/mysql/catalog_query.h"
#include "connectors/mysql/tables.h"

namespace planwise::mysql {

[[nodiscard]] const CatalogQuery& indexes_query() noexcept;
[[nodiscard]] const CatalogQuery& index_stats_query() noexcept;

// Fills Table::indexes: keys with prefix length, direction and expression, visibility, and as distinct values
// what the optimizer takes for them. Of their sizes only that of the clustered index is known yet.
Result<void> read_indexes(Session& session, const ViewColumns& views, Tables& tables);
void add_indexes(const Rows& indexes, Tables& tables, Engine engine);

// Sizes and distinct values of prefixes as InnoDB last counted them. Needs SELECT on
// mysql.innodb_index_stats.
Result<void> read_index_stats(Session& session, const ViewColumns& views, Tables& tables);
void add_index_stats(const Rows& stats, Tables& tables, std::int64_t page_size);

}  // namespace planwise::mysql
