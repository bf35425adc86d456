#include "connectors/mysql/usage.h"

#include <algorithm>
#include <array>

namespace planwise::mysql {
namespace {

constexpr std::array kIndexUsageColumns{
    CatalogColumn{"OBJECT_SCHEMA", "s.OBJECT_SCHEMA"}, CatalogColumn{"OBJECT_NAME", "s.OBJECT_NAME"},
    CatalogColumn{"INDEX_NAME", "s.INDEX_NAME"},       CatalogColumn{"COUNT_STAR", "s.COUNT_STAR"},
    CatalogColumn{"COUNT_FETCH", "s.COUNT_FETCH"},     CatalogColumn{"COUNT_INSERT", "s.COUNT_INSERT"},
    CatalogColumn{"COUNT_UPDATE", "s.COUNT_UPDATE"},   CatalogColumn{"COUNT_DELETE", "s.COUNT_DELETE"},
};
constexpr CatalogQuery kIndexUsage{
    "index_usage",
    "https://dev.mysql.com/doc/refman/8.4/en/performance-schema-table-wait-summary-tables.html",
    "performance_schema",
    "table_io_waits_summary_by_index_usage",
    kIndexUsageColumns,
    "performance_schema.table_io_waits_summary_by_index_usage AS s\nWHERE s.OBJECT_TYPE = 'TABLE'",
};

constexpr std::array kUserIndexColumns{
    CatalogColumn{"TABLE_SCHEMA", "s.TABLE_SCHEMA"},
    CatalogColumn{"TABLE_NAME", "s.TABLE_NAME"},
    CatalogColumn{"INDEX_NAME", "s.INDEX_NAME"},
    CatalogColumn{"ROWS_READ", "s.ROWS_READ"},
};
constexpr CatalogQuery kUserIndexUsage{
    "user_index_usage",   "https://mariadb.com/kb/en/information-schema-index_statistics-table/",
    "information_schema", "INDEX_STATISTICS",
    kUserIndexColumns,    "information_schema.INDEX_STATISTICS AS s",
};

constexpr std::array kUserTableColumns{
    CatalogColumn{"TABLE_SCHEMA", "s.TABLE_SCHEMA"},
    CatalogColumn{"TABLE_NAME", "s.TABLE_NAME"},
    CatalogColumn{"ROWS_READ", "s.ROWS_READ"},
    CatalogColumn{"ROWS_CHANGED", "s.ROWS_CHANGED"},
};
constexpr CatalogQuery kUserTableUsage{
    "user_table_usage",   "https://mariadb.com/kb/en/information-schema-table_statistics-table/",
    "information_schema", "TABLE_STATISTICS",
    kUserTableColumns,    "information_schema.TABLE_STATISTICS AS s",
};

Table* find_table(Tables& tables, const TableName& name) {
  const auto at = tables.find(name);
  return at == tables.end() ? nullptr : &at->second;
}

TableCounters& counters_of(Table& table) {
  if (!table.counters) {
    table.counters.emplace();
    table.counters->live_rows = static_cast<std::int64_t>(table.rows.value_or(planwise::Rows{}).count);
  }
  return *table.counters;
}

Index* find_index(Table& table, std::string_view name) {
  const auto at = std::ranges::find(table.indexes, name, &Index::name);
  return at == table.indexes.end() ? nullptr : &*at;
}

void nothing_was_used(Tables& tables) {
  for (auto& [name, table] : tables) {
    for (Index& index : table.indexes) {
      index.scans = 0;
      index.rows_read = 0;
    }
  }
}

// The instrument that counts can be off although performance_schema is on.
Result<bool> performance_schema_counts(Session& session) {
  if (!session.is_on("performance_schema")) {
    return false;
  }
  PLANWISE_TRY(const Rows enabled,
               session.query("SELECT s.ENABLED AS enabled FROM performance_schema.setup_instruments AS s "
                             "WHERE s.NAME = 'wait/io/table/sql/handler'"));
  return !enabled.empty() && enabled[0].is_true("enabled");
}

}  // namespace

const CatalogQuery& index_usage_query() noexcept {
  return kIndexUsage;
}
const CatalogQuery& user_index_usage_query() noexcept {
  return kUserIndexUsage;
}
const CatalogQuery& user_table_usage_query() noexcept {
  return kUserTableUsage;
}

void add_index_usage(const Rows& usage, Tables& tables, bool complete) {
  if (complete) {
    nothing_was_used(tables);
  }
  for (std::size_t i = 0; i < usage.size(); ++i) {
    const Row row = usage[i];
    Table* const table =
        find_table(tables, {row.text_or_empty("OBJECT_SCHEMA"), row.text_or_empty("OBJECT_NAME")});
    if (table == nullptr) {
      continue;
    }
    const auto count = [&](std::string_view column) { return row.integer(column).value_or(0); };
    TableCounters& counters = counters_of(*table);
    counters.inserts += count("COUNT_INSERT");
    counters.updates += count("COUNT_UPDATE");
    counters.deletes += count("COUNT_DELETE");
    const auto name = row.text("INDEX_NAME");
    if (!name) {
      counters.sequential_rows_read += count("COUNT_FETCH");
    } else if (Index* const index = find_index(*table, *name); index != nullptr) {
      index->scans = count("COUNT_STAR");
      index->rows_read = count("COUNT_FETCH");
    }
  }
}

void add_user_usage(const Rows& indexes, const Rows& of_tables, Tables& tables) {
  nothing_was_used(tables);
  std::map<TableName, std::int64_t> read_by_index;
  for (std::size_t i = 0; i < indexes.size(); ++i) {
    const Row row = indexes[i];
    const TableName name{row.text_or_empty("TABLE_SCHEMA"), row.text_or_empty("TABLE_NAME")};
    const std::int64_t read = row.integer("ROWS_READ").value_or(0);
    read_by_index[name] += read;
    Table* const table = find_table(tables, name);
    if (Index* const index = table == nullptr ? nullptr : find_index(*table, row.text_or_empty("INDEX_NAME"));
        index != nullptr) {
      index->scans = read;
      index->rows_read = read;
    }
  }
  // Rows changed are not told apart by kind here: they count as updates.
  for (std::size_t i = 0; i < of_tables.size(); ++i) {
    const Row row = of_tables[i];
    const TableName name{row.text_or_empty("TABLE_SCHEMA"), row.text_or_empty("TABLE_NAME")};
    if (Table* const table = find_table(tables, name); table != nullptr) {
      TableCounters& counters = counters_of(*table);
      counters.sequential_rows_read =
          std::max<std::int64_t>(0, row.integer("ROWS_READ").value_or(0) - read_by_index[name]);
      counters.updates = row.integer("ROWS_CHANGED").value_or(0);
    }
  }
}

Result<UsageSource> read_usage(Session& session, const ViewColumns& views, Tables& tables) {
  if (session.is_on("userstat")) {
    const std::string watched = "WHERE " + in_watched_schemas(session, "s.TABLE_SCHEMA");
    PLANWISE_TRY(const Rows indexes, run(session, views, kUserIndexUsage, watched));
    PLANWISE_TRY(const Rows of_tables, run(session, views, kUserTableUsage, watched));
    add_user_usage(indexes, of_tables, tables);
  }
  PLANWISE_TRY(const bool counts, performance_schema_counts(session));
  if (!counts) {
    return session.is_on("userstat") ? UsageSource::kUserstat : UsageSource::kNone;
  }
  PLANWISE_TRY(const Rows usage,
               run(session, views, kIndexUsage, "AND " + in_watched_schemas(session, "s.OBJECT_SCHEMA")));
  PLANWISE_TRY(const Rows lost,
               session.query("SHOW GLOBAL STATUS LIKE 'Performance\\_schema\\_index\\_stat\\_lost'"));
  add_index_usage(usage, tables, lost.empty() || lost[0].integer("Value").value_or(0) == 0);
  return UsageSource::kPerformanceSchema;
}

}  // namespace planwise::mysql
