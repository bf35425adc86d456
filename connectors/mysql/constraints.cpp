#include "connectors/mysql/constraints.h"

#include <algorithm>
#include <array>
#include <map>
#include <tuple>

namespace planwise::mysql {
namespace {

constexpr std::array kKeyColumns{
    CatalogColumn{"CONSTRAINT_SCHEMA", "s.CONSTRAINT_SCHEMA"},
    CatalogColumn{"CONSTRAINT_NAME", "s.CONSTRAINT_NAME"},
    CatalogColumn{"TABLE_NAME", "s.TABLE_NAME"},
    CatalogColumn{"COLUMN_NAME", "s.COLUMN_NAME"},
    CatalogColumn{"ORDINAL_POSITION", "s.ORDINAL_POSITION"},
    CatalogColumn{"REFERENCED_TABLE_SCHEMA", "s.REFERENCED_TABLE_SCHEMA"},
    CatalogColumn{"REFERENCED_TABLE_NAME", "s.REFERENCED_TABLE_NAME"},
    CatalogColumn{"REFERENCED_COLUMN_NAME", "s.REFERENCED_COLUMN_NAME"},
};
constexpr CatalogQuery kKeyColumnsQuery{
    "key_columns",
    "https://dev.mysql.com/doc/refman/8.4/en/information-schema-key-column-usage-table.html",
    "information_schema",
    "KEY_COLUMN_USAGE",
    kKeyColumns,
    "information_schema.KEY_COLUMN_USAGE AS s\nWHERE s.REFERENCED_TABLE_NAME IS NOT NULL",
};

constexpr std::array kForeignKeyColumns{
    CatalogColumn{"CONSTRAINT_SCHEMA", "s.CONSTRAINT_SCHEMA"},
    CatalogColumn{"CONSTRAINT_NAME", "s.CONSTRAINT_NAME"},
    CatalogColumn{"TABLE_NAME", "s.TABLE_NAME"},
    CatalogColumn{"UPDATE_RULE", "s.UPDATE_RULE"},
    CatalogColumn{"DELETE_RULE", "s.DELETE_RULE"},
};
constexpr CatalogQuery kForeignKeys{
    "foreign_keys",
    "https://dev.mysql.com/doc/refman/8.4/en/information-schema-referential-constraints-table.html",
    "information_schema",
    "REFERENTIAL_CONSTRAINTS",
    kForeignKeyColumns,
    "information_schema.REFERENTIAL_CONSTRAINTS AS s",
};

using Key = std::tuple<std::string, std::string, std::string>;  // schema, table, constraint

Key key_of(const Row& row) {
  return {row.text_or_empty("CONSTRAINT_SCHEMA"), row.text_or_empty("TABLE_NAME"),
          row.text_or_empty("CONSTRAINT_NAME")};
}

char rule_of(std::string_view rule) {
  return rule == "RESTRICT"      ? 'r'
         : rule == "CASCADE"     ? 'c'
         : rule == "SET NULL"    ? 'n'
         : rule == "SET DEFAULT" ? 'd'
                                 : 'a';
}

bool begins_with(const Index& index, const std::vector<std::string>& columns) {
  return index.def.keys.size() >= columns.size() &&
         std::equal(columns.begin(), columns.end(), index.def.keys.begin(),
                    [](const std::string& column, const IndexKey& key) {
                      return !key.is_expression && key.expression == column;
                    });
}

}  // namespace

const CatalogQuery& key_columns_query() noexcept {
  return kKeyColumnsQuery;
}
const CatalogQuery& foreign_keys_query() noexcept {
  return kForeignKeys;
}

std::vector<ForeignKey> foreign_keys_of(const Rows& key_columns, const Rows& rules) {
  struct Parts {
    ForeignKey key;
    std::map<std::int64_t, std::pair<std::string, std::string>> columns;  // by position
  };
  std::map<Key, Parts> found;
  for (std::size_t i = 0; i < key_columns.size(); ++i) {
    const Row row = key_columns[i];
    Parts& parts = found[key_of(row)];
    parts.key.name = row.text_or_empty("CONSTRAINT_NAME");
    parts.key.table = {row.text_or_empty("CONSTRAINT_SCHEMA"), row.text_or_empty("TABLE_NAME")};
    parts.key.parent = {row.text_or_empty("REFERENCED_TABLE_SCHEMA"),
                        row.text_or_empty("REFERENCED_TABLE_NAME")};
    parts.columns[row.integer("ORDINAL_POSITION").value_or(0)] = {
        row.text_or_empty("COLUMN_NAME"), row.text_or_empty("REFERENCED_COLUMN_NAME")};
  }
  for (std::size_t i = 0; i < rules.size(); ++i) {
    if (const auto at = found.find(key_of(rules[i])); at != found.end()) {
      at->second.key.on_update = rule_of(rules[i].text_or_empty("UPDATE_RULE"));
      at->second.key.on_delete = rule_of(rules[i].text_or_empty("DELETE_RULE"));
    }
  }
  std::vector<ForeignKey> keys;
  for (auto& [name, parts] : found) {
    for (auto& [position, columns] : parts.columns) {
      parts.key.columns.push_back(std::move(columns.first));
      parts.key.parent_columns.push_back(std::move(columns.second));
    }
    keys.push_back(std::move(parts.key));
  }
  return keys;
}

Result<std::vector<ForeignKey>> read_foreign_keys(Session& session, const ViewColumns& views,
                                                  Tables& tables) {
  const std::string watched = in_watched_schemas(session, "s.CONSTRAINT_SCHEMA");
  PLANWISE_TRY(const Rows key_columns, run(session, views, kKeyColumnsQuery, "AND " + watched));
  PLANWISE_TRY(const Rows rules, run(session, views, kForeignKeys, "WHERE " + watched));
  std::vector<ForeignKey> keys = foreign_keys_of(key_columns, rules);
  for (const ForeignKey& key : keys) {
    if (const auto parent = tables.find(key.parent); parent != tables.end()) {
      for (Index& index : parent->second.indexes) {
        index.referenced = index.referenced || begins_with(index, key.parent_columns);
      }
    }
  }
  return keys;
}

}  // namespace planwise::mysql
