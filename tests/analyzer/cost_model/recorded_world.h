// The tables that planner costs were recorded on, with the statistics that PostgreSQL 15.14 had of them.
//
//   CREATE TABLE customers (id int NOT NULL, city int NOT NULL, name text NOT NULL);
//   INSERT INTO customers SELECT n, n % 50, 'n' || n FROM generate_series(0, 9999) n;
//   CREATE TABLE orders (id int NOT NULL, customer int NOT NULL, state int NOT NULL, amount int NOT NULL,
//                        note text NOT NULL);
//   INSERT INTO orders SELECT n, n * 7919 % 10000, n * 7 % 10, n % 1000, repeat('x', 60)
//     FROM generate_series(0, 199999) n;
//   CREATE UNIQUE INDEX orders_id ON orders (id);
//   CREATE INDEX orders_customer ON orders (customer);
//   CREATE INDEX orders_state_amount ON orders (state, amount);
//   CREATE UNIQUE INDEX customers_id ON customers (id);
//   VACUUM ANALYZE; SET max_parallel_workers_per_gather = 0;
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "analyzer/cost_model/cost_model.h"
#include "analyzer/sql/shape_postgres.h"

namespace planwise {

class RecordedWorld {
 public:
  RecordedWorld() {
    snapshot.server.version = {15, 14, 0};
    snapshot.settings["max_parallel_workers_per_gather"] = {.value = "0", .unit = "", .source = "session"};
    snapshot.schema.search_path = {"public"};
    Table& customers = add_table("customers", 10'000, 55);
    add_column(customers, "id", 10'000, 1, 4, {}, 9'999);
    add_column(customers, "city", 50, 0.025, 4, every(50), 0);
    add_column(customers, "name", 10'000, 0.819, 5, {}, 0);
    add_index(customers, "customers_id", {"id"}, 245'760).def.unique = true;
    Table& orders = add_table("orders", 200'000, 2'667);
    add_column(orders, "id", 200'000, 1, 4, {}, 199'999);
    add_column(orders, "customer", 10'024, 0.0016, 4, {}, 9'999);
    add_column(orders, "state", 10, 0.1034, 4, every(10), 0);
    add_column(orders, "amount", 1'000, 0.0062, 4, {}, 999);
    add_column(orders, "note", 1, 1, 61, {{std::string(60, 'x'), 1}}, 0);
    add_index(orders, "orders_id", {"id"}, 4'513'792).def.unique = true;
    add_index(orders, "orders_customer", {"customer"}, 1'564'672);
    add_index(orders, "orders_state_amount", {"state", "amount"}, 1'384'448);
  }

  Table& table(const std::string& name) { return snapshot.schema.tables[name == "customers" ? 0 : 1]; }

  StatementId statement(const std::string& sql) {
    const StatementId id{++last_id_};
    StatementShape shape = shape_postgres(sql);
    resolve(shape, snapshot.schema);
    shapes.emplace(id, std::move(shape));
    snapshot.workload.statements.push_back({.id = id, .query = sql});
    return id;
  }

  // One statement under the indexes that exist and `indexes`.
  StatementCost ask(const std::string& sql, const IndexSet& indexes = {}, bool with_plan = false) {
    const StatementId id = statement(sql);
    CostModelWhatIf model(snapshot, shapes);
    return model.costs({&id, 1}, indexes, with_plan).value().at(0);
  }
  double cost(const std::string& sql, const IndexSet& indexes = {}) {
    const StatementCost answer = ask(sql, indexes);
    return answer.cost ? answer.cost->units : -1;
  }

  static IndexDef index(const std::string& table, const std::vector<std::string>& keys,
                        const std::vector<std::string>& include = {}, const std::string& predicate = "") {
    IndexDef def{.table = {"public", table}};
    for (const std::string& key : keys) {
      def.keys.push_back({.expression = key});
    }
    def.include = include;
    def.predicate = predicate;
    return def;
  }

  Snapshot snapshot;
  std::map<StatementId, StatementShape> shapes;

 private:
  static std::vector<CommonValue> every(int values) {
    std::vector<CommonValue> common;
    for (int value = 0; value < values; ++value) {
      common.push_back({std::to_string(value), 1.0 / values});
    }
    return common;
  }

  Table& add_table(const std::string& name, double rows, std::int64_t pages) {
    Table table{.name = {"public", name}};
    table.rows = Rows{rows};
    table.pages = table.all_visible_pages = pages;
    table.size = Bytes{pages * 8192};
    return snapshot.schema.tables.emplace_back(std::move(table));
  }

  // Evenly spread from 0 to `last`, unless all values are common.
  static void add_column(Table& table, const std::string& name, double distinct, double correlation,
                         std::int64_t width, std::vector<CommonValue> common, int last) {
    const bool text = name == "note" || name == "name";
    Column column{.name = name, .type = text ? "text" : "integer", .base_type = text ? "text" : "int4"};
    column.not_null = true;
    ColumnStats stats{.distinct = distinct, .average_width = {width}, .correlation = correlation};
    for (const CommonValue& value : common) {
      stats.common_total += value.frequency;
    }
    stats.common_values = std::move(common);
    for (int bound = 0; last > 0 && bound <= 100; ++bound) {
      stats.histogram.push_back(std::to_string(last * bound / 100));
    }
    column.stats = std::move(stats);
    table.columns.push_back(std::move(column));
  }

  static Index& add_index(Table& table, const std::string& name, const std::vector<std::string>& keys,
                          std::int64_t size) {
    Index made{.name = name, .def = index(table.name.table, keys)};
    made.size = {size};
    return table.indexes.emplace_back(std::move(made));
  }

  std::uint64_t last_id_ = 0;
};

}  // namespace planwise
