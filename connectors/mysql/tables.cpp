#include "connectors/mysql/tables.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>
#include <set>

#include "analyzer/base/text.h"

namespace planwise::mysql {
namespace {

constexpr std::size_t kViewTextLimit = 64 << 10;

constexpr std::array kTableColumns{
    CatalogColumn{"TABLE_SCHEMA", "s.TABLE_SCHEMA"},
    CatalogColumn{"TABLE_NAME", "s.TABLE_NAME"},
    CatalogColumn{"ENGINE", "s.ENGINE"},
    CatalogColumn{"ROW_FORMAT", "s.ROW_FORMAT"},
    CatalogColumn{"TABLE_ROWS", "s.TABLE_ROWS"},
    CatalogColumn{"DATA_LENGTH", "s.DATA_LENGTH"},
    CatalogColumn{"AUTO_INCREMENT", "s.AUTO_INCREMENT"},
    CatalogColumn{"TABLE_COLLATION", "s.TABLE_COLLATION"},
    CatalogColumn{"TEMPORARY", "s.TEMPORARY"},  // MariaDB lists a session's own temporary tables too
};
constexpr CatalogQuery kTables{
    "tables",
    "https://dev.mysql.com/doc/refman/8.4/en/information-schema-tables-table.html",
    "information_schema",
    "TABLES",
    kTableColumns,
    "information_schema.TABLES AS s\nWHERE s.TABLE_TYPE IN ('BASE TABLE', 'SYSTEM VERSIONED')",
};

constexpr std::array kColumnColumns{
    CatalogColumn{"TABLE_SCHEMA", "s.TABLE_SCHEMA"},
    CatalogColumn{"TABLE_NAME", "s.TABLE_NAME"},
    CatalogColumn{"COLUMN_NAME", "s.COLUMN_NAME"},
    CatalogColumn{"ORDINAL_POSITION", "s.ORDINAL_POSITION"},
    CatalogColumn{"IS_NULLABLE", "s.IS_NULLABLE"},
    CatalogColumn{"DATA_TYPE", "s.DATA_TYPE"},
    CatalogColumn{"COLUMN_TYPE", "s.COLUMN_TYPE"},
    CatalogColumn{"COLLATION_NAME", "s.COLLATION_NAME"},
    CatalogColumn{"EXTRA", "s.EXTRA"},
};
constexpr CatalogQuery kColumns{
    "columns",
    "https://dev.mysql.com/doc/refman/8.4/en/information-schema-columns-table.html",
    "information_schema",
    "COLUMNS",
    kColumnColumns,
    "information_schema.COLUMNS AS s",
};

constexpr std::array kPartitionColumns{
    CatalogColumn{"TABLE_SCHEMA", "s.TABLE_SCHEMA"},
    CatalogColumn{"TABLE_NAME", "s.TABLE_NAME"},
    CatalogColumn{"PARTITION_METHOD", "s.PARTITION_METHOD"},
    CatalogColumn{"PARTITION_EXPRESSION", "s.PARTITION_EXPRESSION"},
};
constexpr CatalogQuery kPartitions{
    "partitions",         "https://dev.mysql.com/doc/refman/8.4/en/information-schema-partitions-table.html",
    "information_schema", "PARTITIONS",
    kPartitionColumns,    "information_schema.PARTITIONS AS s\nWHERE s.PARTITION_NAME IS NOT NULL",
};

constexpr std::array kViewColumns{
    CatalogColumn{"TABLE_SCHEMA", "s.TABLE_SCHEMA"},
    CatalogColumn{"TABLE_NAME", "s.TABLE_NAME"},
    CatalogColumn{"VIEW_DEFINITION", "s.VIEW_DEFINITION"},
};
constexpr CatalogQuery kViews{
    "views",
    "https://dev.mysql.com/doc/refman/8.4/en/information-schema-views-table.html",
    "information_schema",
    "VIEWS",
    kViewColumns,
    "information_schema.VIEWS AS s",
};

constexpr std::array kTableStatsColumns{
    CatalogColumn{"database_name", "s.database_name"},
    CatalogColumn{"table_name", "s.table_name"},
    CatalogColumn{"last_update_us", "CAST(UNIX_TIMESTAMP(s.last_update) * 1000000 AS SIGNED)"},
};
constexpr CatalogQuery kTableStats{
    "innodb_table_stats",
    "https://dev.mysql.com/doc/refman/8.4/en/innodb-persistent-stats.html",
    "mysql",
    "innodb_table_stats",
    kTableStatsColumns,
    "mysql.innodb_table_stats AS s",
};

TableName name_of(const Row& row) {
  return {row.text_or_empty("TABLE_SCHEMA"), row.text_or_empty("TABLE_NAME")};
}

// Engines whose rows lie elsewhere. Source: MariaDB manual, "Storage Engines".
bool is_foreign(const std::string& engine) {
  static const std::set<std::string> kForeign{"FEDERATED", "CONNECT", "SPIDER", "SPHINX", "S3", "BLACKHOLE"};
  return kForeign.contains(engine);
}

Table table_of(const Row& row, std::int64_t page_size) {
  Table table;
  table.name = name_of(row);
  const std::string engine = row.text_or_empty("ENGINE");
  table.kind = is_foreign(engine) ? TableKind::kForeign : TableKind::kTable;
  if (const auto rows = row.number("TABLE_ROWS")) {
    table.rows = planwise::Rows{*rows};
  }
  table.size = row.bytes("DATA_LENGTH").value_or(Bytes{});
  table.pages = page_size > 0 ? table.size.count / page_size : 0;
  table.temporary = row.text_or_empty("TEMPORARY") == "Y";
  for (const auto& [option, column] :
       {std::pair{"engine", "ENGINE"}, {"row_format", "ROW_FORMAT"}, {"collation", "TABLE_COLLATION"}}) {
    if (const auto value = row.text(column)) {
      table.options[option] = *value;
    }
  }
  return table;
}

Column column_of(const Row& row) {
  Column column;
  column.name = row.text_or_empty("COLUMN_NAME");
  column.type = row.text_or_empty("COLUMN_TYPE");
  column.base_type = row.text_or_empty("DATA_TYPE");
  column.position = static_cast<int>(row.integer("ORDINAL_POSITION").value_or(0));
  column.not_null = row.text_or_empty("IS_NULLABLE") == "NO";
  column.is_identity = row.text_or_empty("EXTRA").find("auto_increment") != std::string::npos;
  column.collation = row.text_or_empty("COLLATION_NAME");
  return column;
}

// Largest value of an integer type; 0 for what is none. Source: MySQL manual, "Integer Types".
std::int64_t largest_of(const Column& column) {
  static const std::map<std::string, int> kBits{
      {"tinyint", 8}, {"smallint", 16}, {"mediumint", 24}, {"int", 32}, {"bigint", 64}};
  const auto bits = kBits.find(column.base_type);
  if (bits == kBits.end()) {
    return 0;
  }
  const bool is_unsigned = column.type.find("unsigned") != std::string::npos;
  const int usable = bits->second - (is_unsigned ? 0 : 1);
  return usable >= 63 ? std::numeric_limits<std::int64_t>::max() : (std::int64_t{1} << usable) - 1;
}

// The numbers an AUTO_INCREMENT column has drawn are a sequence of its own.
void add_sequence(const Table& table, std::int64_t next, std::vector<Sequence>& sequences) {
  const auto column = std::ranges::find(table.columns, true, &Column::is_identity);
  if (column == table.columns.end() || largest_of(*column) == 0) {
    return;
  }
  Sequence sequence;
  sequence.schema = table.name.schema;
  sequence.name = table.name.table + "." + column->name;
  sequence.data_type = column->type;
  sequence.owner = table.name;
  sequence.owner_column = column->name;
  sequence.owner_type = column->base_type;
  sequence.max_value = largest_of(*column);
  if (next > 1) {
    sequence.last_value = next - 1;
  }
  sequences.push_back(std::move(sequence));
}

}  // namespace

const CatalogQuery& tables_query() noexcept {
  return kTables;
}
const CatalogQuery& columns_query() noexcept {
  return kColumns;
}
const CatalogQuery& partitions_query() noexcept {
  return kPartitions;
}
const CatalogQuery& views_query() noexcept {
  return kViews;
}
const CatalogQuery& table_stats_query() noexcept {
  return kTableStats;
}

TableList tables_of(const Rows& tables, const Rows& columns, const Rows& partitions, std::int64_t page_size) {
  TableList list;
  for (std::size_t i = 0; i < tables.size(); ++i) {
    Table table = table_of(tables[i], page_size);
    TableName name = table.name;
    list.tables.emplace(std::move(name), std::move(table));
  }
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (const auto table = list.tables.find(name_of(columns[i])); table != list.tables.end()) {
      table->second.columns.push_back(column_of(columns[i]));
    }
  }
  for (std::size_t i = 0; i < partitions.size(); ++i) {
    if (const auto table = list.tables.find(name_of(partitions[i])); table != list.tables.end()) {
      ++table->second.partitions;
      table->second.partition_key = fmt::format("{} ({})", partitions[i].text_or_empty("PARTITION_METHOD"),
                                                partitions[i].text_or_empty("PARTITION_EXPRESSION"));
    }
  }
  for (auto& [name, table] : list.tables) {
    std::ranges::sort(table.columns, {}, &Column::position);
  }
  for (std::size_t i = 0; i < tables.size(); ++i) {
    if (const auto next = tables[i].integer("AUTO_INCREMENT")) {
      add_sequence(list.tables.at(name_of(tables[i])), *next, list.sequences);
    }
  }
  return list;
}

Table* table_of_statistics(Tables& tables, const TableName& name) {
  auto at = tables.find(name);
  for (const std::string_view mark : {"#P#", "#p#"}) {
    if (at == tables.end()) {
      at = tables.find({name.schema, name.table.substr(0, name.table.find(mark))});
    }
  }
  return at == tables.end() ? nullptr : &at->second;
}

void add_table_stats(const Rows& stats, Tables& tables) {
  for (std::size_t i = 0; i < stats.size(); ++i) {
    const Row row = stats[i];
    Table* const table =
        table_of_statistics(tables, {row.text_or_empty("database_name"), row.text_or_empty("table_name")});
    const auto updated = row.time("last_update_us");
    if (table != nullptr && updated) {
      if (!table->counters) {
        table->counters.emplace();
        table->counters->live_rows = static_cast<std::int64_t>(table->rows.value_or(planwise::Rows{}).count);
      }
      auto& last = table->counters->last_analyze;
      last = last ? std::max(last, updated) : updated;
    }
  }
}

Result<TableList> read_tables(Session& session, const ViewColumns& views) {
  const std::string watched = in_watched_schemas(session, "s.TABLE_SCHEMA");
  PLANWISE_TRY(const Rows tables, run(session, views, kTables, "AND " + watched));
  PLANWISE_TRY(const Rows columns, run(session, views, kColumns, "WHERE " + watched));
  PLANWISE_TRY(const Rows partitions, run(session, views, kPartitions, "AND " + watched));
  std::int64_t page_size = 16384;
  if (const std::string text = session.variable("innodb_page_size"); !text.empty()) {
    page_size = std::strtoll(text.c_str(), nullptr, 10);
  }
  return tables_of(tables, columns, partitions, page_size);
}

Result<std::vector<View>> read_views(Session& session, const ViewColumns& views) {
  PLANWISE_TRY(const Rows rows,
               run(session, views, kViews, "WHERE " + in_watched_schemas(session, "s.TABLE_SCHEMA")));
  std::vector<View> out;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    out.push_back({name_of(rows[i]), shortened(rows[i].text_or_empty("VIEW_DEFINITION"), kViewTextLimit)});
  }
  std::ranges::sort(out, {}, &View::name);
  return out;
}

Result<void> read_table_stats(Session& session, const ViewColumns& views, Tables& tables) {
  PLANWISE_TRY(const Rows stats, run(session, views, kTableStats));
  add_table_stats(stats, tables);
  return {};
}

}  // namespace planwise::mysql
