// How much tables and indexes are used: by performance_schema, or by userstat (MariaDB, Percona Server).
#pragma once

#include <cstdint>

#include "analyzer/base/result.h"
#include "connectors/mysql/catalog_query.h"
#include "connectors/mysql/tables.h"

namespace planwise::mysql {

[[nodiscard]] const CatalogQuery& index_usage_query() noexcept;
[[nodiscard]] const CatalogQuery& user_index_usage_query() noexcept;
[[nodiscard]] const CatalogQuery& user_table_usage_query() noexcept;

enum class UsageSource : std::uint8_t { kNone, kPerformanceSchema, kUserstat };

// Fills Index::scans and Table::counters: rows reached through each index, rows read without one, rows
// written. An index that the source does not list was not used. kNone where neither source counts; then
// nothing is filled.
Result<UsageSource> read_usage(Session& session, const ViewColumns& views, Tables& tables);

// `complete`: the server lost no index for lack of room, so what is not listed was not used.
void add_index_usage(const Rows& usage, Tables& tables, bool complete);
void add_user_usage(const Rows& indexes, const Rows& of_tables, Tables& tables);

}  // namespace planwise::mysql
