#include "connectors/mysql/indexes.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>
#include <set>

#include "analyzer/sql/quote.h"

namespace planwise::mysql {
namespace {

constexpr std::array kIndexColumns{
    CatalogColumn{"TABLE_SCHEMA", "s.TABLE_SCHEMA"},
    CatalogColumn{"TABLE_NAME", "s.TABLE_NAME"},
    CatalogColumn{"NON_UNIQUE", "s.NON_UNIQUE"},
    CatalogColumn{"INDEX_NAME", "s.INDEX_NAME"},
    CatalogColumn{"SEQ_IN_INDEX", "s.SEQ_IN_INDEX"},
    CatalogColumn{"COLUMN_NAME", "s.COLUMN_NAME"},
    CatalogColumn{"COLLATION", "s.COLLATION"},
    CatalogColumn{"CARDINALITY", "s.CARDINALITY"},
    CatalogColumn{"SUB_PART", "s.SUB_PART"},
    CatalogColumn{"INDEX_TYPE", "s.INDEX_TYPE"},
    CatalogColumn{"EXPRESSION", "s.EXPRESSION"},                        // MySQL 8.0.13
    CatalogColumn{"IS_VISIBLE", "s.IS_VISIBLE"},                        // MySQL 8.0
    CatalogColumn{"IS_VISIBLE", "IF(s.IGNORED = 'YES', 'NO', 'YES')"},  // MariaDB 10.6
};
constexpr CatalogQuery kIndexes{
    "indexes",
    "https://dev.mysql.com/doc/refman/8.4/en/information-schema-statistics-table.html",
    "information_schema",
    "STATISTICS",
    kIndexColumns,
    "information_schema.STATISTICS AS s",
};

constexpr std::array kIndexStatsColumns{
    CatalogColumn{"database_name", "s.database_name"}, CatalogColumn{"table_name", "s.table_name"},
    CatalogColumn{"index_name", "s.index_name"},       CatalogColumn{"stat_name", "s.stat_name"},
    CatalogColumn{"stat_value", "s.stat_value"},
};
constexpr CatalogQuery kIndexStats{
    "innodb_index_stats",
    "https://dev.mysql.com/doc/refman/8.4/en/innodb-persistent-stats.html",
    "mysql",
    "innodb_index_stats",
    kIndexStatsColumns,
    "mysql.innodb_index_stats AS s",
};

constexpr std::string_view kPrimary = "PRIMARY";

IndexMethod method_of(std::string_view type) {
  return type == "BTREE"      ? IndexMethod::kBtree
         : type == "HASH"     ? IndexMethod::kHash
         : type == "FULLTEXT" ? IndexMethod::kFullText
         : type == "SPATIAL"  ? IndexMethod::kSpatial
         : type == "RTREE"    ? IndexMethod::kSpatial
                              : IndexMethod::kOther;
}

// One key of an index, in the order of SEQ_IN_INDEX.
struct Part {
  std::int64_t place = 0;
  IndexKey key;
  std::optional<double> distinct;
};

Part part_of(const Row& row) {
  Part part;
  part.place = row.integer("SEQ_IN_INDEX").value_or(0);
  part.distinct = row.number("CARDINALITY");
  const auto column = row.text("COLUMN_NAME");
  part.key.is_expression = !column;
  part.key.expression = column ? *column : row.text_or_empty("EXPRESSION");
  part.key.descending = row.text_or_empty("COLLATION") == "D";
  part.key.nulls_first = part.key.descending;
  const auto prefix = row.integer("SUB_PART");
  // Of a spatial index the server tells 32 bytes, which is no prefix of the value.
  if (prefix && row.text_or_empty("INDEX_TYPE") != "SPATIAL") {
    part.key.prefix_length = static_cast<int>(*prefix);
  }
  return part;
}

std::string definition_of(const Index& index, Engine engine) {
  return index.name == kPrimary
             ? fmt::format("ALTER TABLE {} ADD PRIMARY KEY {}", quoted(index.def.table, engine),
                           index_columns(index.def, engine))
             : create_index(index.def, index.name, engine, false);
}

void put_together(Index& index, std::vector<Part> parts, Engine engine) {
  std::ranges::sort(parts, {}, &Part::place);
  bool known = true;
  for (Part& part : parts) {
    index.def.keys.push_back(std::move(part.key));
    known = known && part.distinct;
    if (known) {
      index.distinct.push_back(*part.distinct);
    }
  }
  index.definition = definition_of(index, engine);
}

struct Counted {
  Bytes size;
  std::map<std::size_t, double> distinct;  // by length of the prefix
  std::set<std::string> parts;             // tables of partitions
};

}  // namespace

const CatalogQuery& indexes_query() noexcept {
  return kIndexes;
}
const CatalogQuery& index_stats_query() noexcept {
  return kIndexStats;
}

void add_indexes(const Rows& indexes, Tables& tables, Engine engine) {
  std::map<TableName, std::map<std::string, std::pair<Index, std::vector<Part>>>> found;
  for (std::size_t i = 0; i < indexes.size(); ++i) {
    const Row row = indexes[i];
    const TableName table{row.text_or_empty("TABLE_SCHEMA"), row.text_or_empty("TABLE_NAME")};
    const std::string name = row.text_or_empty("INDEX_NAME");
    auto& [index, parts] = found[table][name];
    if (parts.empty()) {
      index.name = name;
      index.def.table = table;
      index.def.method = method_of(row.text_or_empty("INDEX_TYPE"));
      index.def.unique = row.text_or_empty("NON_UNIQUE") == "0";
      index.visible = row.text_or_empty("IS_VISIBLE") != "NO";
      index.constraint = name == kPrimary   ? ConstraintKind::kPrimaryKey
                         : index.def.unique ? ConstraintKind::kUnique
                                            : ConstraintKind::kNone;
    }
    parts.push_back(part_of(row));
  }
  for (auto& [name, of_table] : found) {
    const auto table = tables.find(name);
    if (table == tables.end()) {
      continue;
    }
    for (auto& [index_name, one] : of_table) {
      auto& [index, parts] = one;
      put_together(index, std::move(parts), engine);
      if (index.name == kPrimary && table->second.options["engine"] == "InnoDB") {
        index.size = table->second.size;
      }
      table->second.indexes.push_back(std::move(index));
    }
  }
}

void add_index_stats(const Rows& stats, Tables& tables, std::int64_t page_size) {
  std::map<std::pair<Table*, std::string>, Counted> counted;
  for (std::size_t i = 0; i < stats.size(); ++i) {
    const Row row = stats[i];
    const std::string place = row.text_or_empty("table_name");
    Table* const table = table_of_statistics(tables, {row.text_or_empty("database_name"), place});
    const auto value = row.integer("stat_value");
    if (table == nullptr || !value) {
      continue;
    }
    Counted& index = counted[{table, row.text_or_empty("index_name")}];
    index.parts.insert(place);
    static constexpr std::string_view kPrefix = "n_diff_pfx";
    const std::string statistic = row.text_or_empty("stat_name");
    if (statistic == "size") {
      index.size.count += *value * page_size;
    } else if (statistic.starts_with(kPrefix)) {
      std::size_t length = 0;
      std::from_chars(statistic.data() + kPrefix.size(), statistic.data() + statistic.size(), length);
      index.distinct[length] = static_cast<double>(*value);
    }
  }
  for (const auto& [place, found] : counted) {
    const auto index = std::ranges::find(place.first->indexes, place.second, &Index::name);
    if (index == place.first->indexes.end()) {
      continue;
    }
    index->size = found.size;
    // How many values partitions have in common, nobody knows: there the server's own figure stays.
    if (found.parts.size() == 1) {
      index->distinct.clear();
      for (std::size_t length = 1; length <= index->def.keys.size() && found.distinct.contains(length);
           ++length) {
        index->distinct.push_back(found.distinct.at(length));
      }
    }
  }
}

Result<void> read_indexes(Session& session, const ViewColumns& views, Tables& tables) {
  PLANWISE_TRY(const Rows indexes,
               run(session, views, kIndexes, "WHERE " + in_watched_schemas(session, "s.TABLE_SCHEMA")));
  add_indexes(indexes, tables, session.server().engine);
  return {};
}

Result<void> read_index_stats(Session& session, const ViewColumns& views, Tables& tables) {
  PLANWISE_TRY(const Rows stats,
               run(session, views, kIndexStats, "WHERE " + in_watched_schemas(session, "s.database_name")));
  const std::string page_size = session.variable("innodb_page_size");
  add_index_stats(stats, tables, page_size.empty() ? 16384 : std::strtoll(page_size.c_str(), nullptr, 10));
  return {};
}

}  // namespace planwise::mysql
