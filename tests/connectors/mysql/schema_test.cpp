// Tables, indexes and their use, from what servers once answered.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "connectors/mysql/constraints.h"
#include "connectors/mysql/indexes.h"
#include "connectors/mysql/tables.h"
#include "connectors/mysql/usage.h"
#include "tests/connectors/mysql/recorded.h"

namespace planwise::mysql {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// Rows with the named columns; every other one NULL.
Rows rows_of(const CatalogQuery& query, const std::vector<std::map<std::string, std::string>>& lines) {
  const std::vector<std::string> names = names_of(query);
  Rows rows(names);
  for (const auto& line : lines) {
    for (const std::string& name : names) {
      const auto value = line.find(name);
      rows.append(value == line.end() ? std::nullopt : std::optional<std::string_view>(value->second));
    }
  }
  return rows;
}

Tables shop(Engine engine) {
  Tables tables;
  for (const char* name : {"audit_log", "customers", "orders", "order_items", "products"}) {
    Table& table = tables[{"shop", name}];
    table.name = {"shop", name};
    table.options["engine"] = "InnoDB";
  }
  const std::string file = engine == Engine::kMySql ? "mysql56" : "mariadb1011";
  add_indexes(recorded(file + "_information_schema_statistics", indexes_query()), tables, engine);
  return tables;
}

TEST(MySqlIndexes, RecordedOnesAreReadWithTheirStatistics) {
  for (const Engine engine : {Engine::kMySql, Engine::kMariaDb}) {
    Tables tables = shop(engine);
    Table& customers = tables[{"shop", "customers"}];
    ASSERT_EQ(customers.indexes.size(), 4U);
    const Index* city = customers.find_index("idx_city_status");
    EXPECT_EQ(city->definition, "CREATE INDEX idx_city_status ON shop.customers (city, status)");
    EXPECT_TRUE(city->visible);
    EXPECT_NEAR(city->distinct.at(0), 19.5, 0.6);  // the server's own figure is off by two
    const std::string file = engine == Engine::kMySql ? "mysql56" : "mariadb1011";
    add_index_stats(recorded(file + "_innodb_index_stats", index_stats_query()), tables, 16384);
    EXPECT_THAT(city->distinct, ElementsAre(10, 30));  // not of the primary key behind it
    EXPECT_EQ(city->size.count, 97 * 16384);
    EXPECT_TRUE(customers.find_index("PRIMARY")->def.unique);
  }
}

TEST(MySqlIndexes, ReadsWhatNewerServersAdd) {
  Tables tables;
  tables[{"s", "t"}].name = {"s", "t"};
  add_indexes(rows_of(indexes_query(), {{{"TABLE_SCHEMA", "s"},
                                         {"TABLE_NAME", "t"},
                                         {"INDEX_NAME", "f"},
                                         {"SEQ_IN_INDEX", "2"},
                                         {"NON_UNIQUE", "1"},
                                         {"COLUMN_NAME", "b"},
                                         {"COLLATION", "D"},
                                         {"SUB_PART", "8"},
                                         {"INDEX_TYPE", "BTREE"},
                                         {"IS_VISIBLE", "NO"}},
                                        {{"TABLE_SCHEMA", "s"},
                                         {"TABLE_NAME", "t"},
                                         {"INDEX_NAME", "f"},
                                         {"SEQ_IN_INDEX", "1"},
                                         {"NON_UNIQUE", "1"},
                                         {"EXPRESSION", "lower(`a`)"},
                                         {"COLLATION", "A"},
                                         {"INDEX_TYPE", "BTREE"},
                                         {"IS_VISIBLE", "NO"}},
                                        {{"TABLE_SCHEMA", "s"},
                                         {"TABLE_NAME", "t"},
                                         {"INDEX_NAME", "g"},
                                         {"SEQ_IN_INDEX", "1"},
                                         {"NON_UNIQUE", "1"},
                                         {"COLUMN_NAME", "p"},
                                         {"SUB_PART", "32"},
                                         {"INDEX_TYPE", "SPATIAL"},
                                         {"IS_VISIBLE", "YES"}}}),
              tables, Engine::kMySql);
  const Table& table = tables.at({"s", "t"});
  const Index* index = table.find_index("f");
  EXPECT_FALSE(index->visible);
  EXPECT_TRUE(index->def.keys[0].is_expression);
  EXPECT_TRUE(index->def.keys[1].descending);
  EXPECT_EQ(index->def.keys[1].prefix_length, 8);
  EXPECT_EQ(index->definition, "CREATE INDEX f ON s.t ((lower(`a`)), b(8) DESC)");
  EXPECT_THAT(index->distinct, IsEmpty());
  EXPECT_EQ(table.find_index("g")->def.method, IndexMethod::kSpatial);
  EXPECT_EQ(table.find_index("g")->def.keys[0].prefix_length, std::nullopt);
}

TEST(MySqlIndexes, PartitionsShareTheirSizesButNotTheirValues) {
  for (const char* mark : {"#P#", "#p#"}) {
    Tables tables;
    Table& table = tables[{"s", "t"}];
    table.name = {"s", "t"};
    table.indexes.push_back({.name = "i", .def = {.keys = {{.expression = "a"}}}, .distinct = {7}});
    std::vector<std::map<std::string, std::string>> lines;
    for (const char* part : {"p0", "p1"}) {
      for (const auto& [name, value] : {std::pair{"size", "3"}, {"n_diff_pfx01", "5"}}) {
        lines.push_back({{"database_name", "s"},
                         {"table_name", std::string("t") + mark + part},
                         {"index_name", "i"},
                         {"stat_name", name},
                         {"stat_value", value}});
      }
    }
    add_index_stats(rows_of(index_stats_query(), lines), tables, 16384);
    EXPECT_EQ(table.indexes[0].size.count, 6 * 16384);
    EXPECT_THAT(table.indexes[0].distinct, ElementsAre(7));
  }
}

TEST(MySqlUsage, RecordedCountersSayWhichIndexesAreUsed) {
  Tables tables = shop(Engine::kMySql);
  add_index_usage(recorded("mysql56_table_io_waits_summary_by_index_usage", index_usage_query()), tables,
                  true);
  const Table& items = tables.at({"shop", "order_items"});
  EXPECT_EQ(items.find_index("idx_order")->scans, 20802);
  EXPECT_EQ(items.find_index("idx_order_dup")->scans, 0);
  EXPECT_EQ(tables.at({"shop", "products"}).counters->sequential_rows_read, 736368);
  EXPECT_EQ(tables.at({"shop", "products"}).counters->sequential_scans, std::nullopt);
  EXPECT_EQ(tables.at({"shop", "products"}).counters->inserts, 2000);
}

TEST(MySqlUsage, WhatTheServerLostIsNotUnused) {
  Tables tables = shop(Engine::kMySql);
  add_index_usage(rows_of(index_usage_query(), {{{"OBJECT_SCHEMA", "shop"},
                                                 {"OBJECT_NAME", "orders"},
                                                 {"INDEX_NAME", "idx_customer"},
                                                 {"COUNT_STAR", "4"},
                                                 {"COUNT_FETCH", "4"}}}),
                  tables, false);
  EXPECT_EQ(tables.at({"shop", "orders"}).find_index("idx_customer")->scans, 4);
  EXPECT_EQ(tables.at({"shop", "orders"}).find_index("idx_created")->scans, std::nullopt);
}

TEST(MySqlUsage, UserstatListsUsedIndexesOnly) {
  Tables tables = shop(Engine::kMariaDb);
  add_user_usage(recorded("mariadb1011_userstat_INDEX_STATISTICS", user_index_usage_query()),
                 recorded("mariadb1011_userstat_TABLE_STATISTICS", user_table_usage_query()), tables);
  const Table& items = tables.at({"shop", "order_items"});
  EXPECT_EQ(items.find_index("x_prod")->scans, 128343);
  EXPECT_EQ(items.find_index("idx_order_dup")->scans, 0);
  EXPECT_EQ(tables.at({"shop", "audit_log"}).counters->sequential_rows_read, 450000);
}

TEST(MySqlTables, AutoIncrementIsASequenceWithTheLimitOfItsType) {
  const auto sequence_of = [](const char* type, const char* base) {
    return tables_of(rows_of(tables_query(),
                             {{{"TABLE_SCHEMA", "s"}, {"TABLE_NAME", "t"}, {"AUTO_INCREMENT", "41"}}}),
                     rows_of(columns_query(), {{{"TABLE_SCHEMA", "s"},
                                                {"TABLE_NAME", "t"},
                                                {"COLUMN_NAME", "id"},
                                                {"ORDINAL_POSITION", "1"},
                                                {"COLUMN_TYPE", type},
                                                {"DATA_TYPE", base},
                                                {"EXTRA", "auto_increment"}}}),
                     Rows{}, 16384)
        .sequences;
  };
  EXPECT_EQ(sequence_of("tinyint(4)", "tinyint").at(0).max_value, 127);
  EXPECT_EQ(sequence_of("smallint(5) unsigned", "smallint").at(0).max_value, 65535);
  EXPECT_EQ(sequence_of("mediumint(9)", "mediumint").at(0).max_value, 8388607);
  EXPECT_EQ(sequence_of("int unsigned", "int").at(0).max_value, 4294967295);
  EXPECT_EQ(sequence_of("bigint(20) unsigned", "bigint").at(0).max_value,
            std::numeric_limits<std::int64_t>::max());
  EXPECT_EQ(sequence_of("int(11)", "int").at(0).last_value, 40);
  EXPECT_THAT(sequence_of("double", "double"), IsEmpty());
}

TEST(MySqlTables, ATableWhoseNameHoldsThePartitionMarkIsItself) {
  Tables tables;
  tables[{"s", "odd#P#name"}].name = {"s", "odd#P#name"};
  tables[{"s", "odd"}].name = {"s", "odd"};
  EXPECT_EQ(table_of_statistics(tables, {"s", "odd#P#name"})->name.table, "odd#P#name");
  EXPECT_EQ(table_of_statistics(tables, {"s", "odd#P#p1"})->name.table, "odd");
  EXPECT_EQ(table_of_statistics(tables, {"s", "gone"}), nullptr);
}

TEST(MySqlForeignKeys, ColumnsComeInTheirOrder) {
  const auto line = [](const char* position, const char* column, const char* parent) {
    return std::map<std::string, std::string>{{"CONSTRAINT_SCHEMA", "s"},
                                              {"CONSTRAINT_NAME", "fk"},
                                              {"TABLE_NAME", "child"},
                                              {"COLUMN_NAME", column},
                                              {"ORDINAL_POSITION", position},
                                              {"REFERENCED_TABLE_SCHEMA", "p"},
                                              {"REFERENCED_TABLE_NAME", "parent"},
                                              {"REFERENCED_COLUMN_NAME", parent}};
  };
  const auto keys = foreign_keys_of(rows_of(key_columns_query(), {line("2", "b", "y"), line("1", "a", "x")}),
                                    rows_of(foreign_keys_query(), {{{"CONSTRAINT_SCHEMA", "s"},
                                                                    {"CONSTRAINT_NAME", "fk"},
                                                                    {"TABLE_NAME", "child"},
                                                                    {"DELETE_RULE", "SET NULL"},
                                                                    {"UPDATE_RULE", "NO ACTION"}}}));
  ASSERT_EQ(keys.size(), 1U);
  EXPECT_THAT(keys[0].columns, ElementsAre("a", "b"));
  EXPECT_THAT(keys[0].parent_columns, ElementsAre("x", "y"));
  EXPECT_EQ(keys[0].parent, (TableName{"p", "parent"}));
  EXPECT_EQ(keys[0].on_delete, 'n');
  EXPECT_EQ(keys[0].on_update, 'a');
}

}  // namespace
}  // namespace planwise::mysql
