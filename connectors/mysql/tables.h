// Tables, columns and views of the watched schemas, with sizes and the statistics that InnoDB keeps of them.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "analyzer/base/result.h"
#include "analyzer/model/schema.h"
#include "connectors/mysql/catalog_query.h"

namespace planwise::mysql {

using Tables = std::map<TableName, Table>;

[[nodiscard]] const CatalogQuery& tables_query() noexcept;
[[nodiscard]] const CatalogQuery& columns_query() noexcept;
[[nodiscard]] const CatalogQuery& partitions_query() noexcept;
[[nodiscard]] const CatalogQuery& views_query() noexcept;
[[nodiscard]] const CatalogQuery& table_stats_query() noexcept;

// Tables with columns and partitions; three round trips. Of the sequences, those of AUTO_INCREMENT columns.
struct TableList {
  Tables tables;
  std::vector<Sequence> sequences;
};
Result<TableList> read_tables(Session& session, const ViewColumns& views);
Result<std::vector<View>> read_views(Session& session, const ViewColumns& views);
// When InnoDB last counted: Table::counters->last_analyze. Needs SELECT on mysql.innodb_table_stats.
Result<void> read_table_stats(Session& session, const ViewColumns& views, Tables& tables);

// From the rows of tables_query(), columns_query() and partitions_query(). `page_size` is InnoDB's, in bytes.
[[nodiscard]] TableList tables_of(const Rows& tables, const Rows& columns, const Rows& partitions,
                                  std::int64_t page_size);
void add_table_stats(const Rows& stats, Tables& tables);

// The table that a name of InnoDB's statistics means: "orders#P#p2024" and "orders#p#p2024" are partitions of
// orders. nullptr if it is not known.
[[nodiscard]] Table* table_of_statistics(Tables& tables, const TableName& name);

}  // namespace planwise::mysql
