// A described database and workload for tests of the advisor: tables with distinct counts, statements as
// shapes.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "analyzer/model/snapshot.h"
#include "analyzer/sql/shape.h"

namespace planwise {

class AdviceWorld {
 public:
  AdviceWorld() {
    snapshot.workload.window.to = snapshot.workload.window.from + std::chrono::hours{1};
    snapshot.server.version = {15, 0, 0};
  }

  // Columns are integers of `distinct` values.
  Table& table(const std::string& name, double rows,
               const std::vector<std::pair<std::string, double>>& columns) {
    Table made;
    made.name = {"public", name};
    made.rows = Rows{rows};
    made.pages = static_cast<std::int64_t>(rows / 50) + 1;
    made.size = Bytes{made.pages * 8192};
    made.all_visible_pages = made.pages;
    for (const auto& [column, distinct] : columns) {
      Column described{.name = column, .type = "integer", .base_type = "int4"};
      described.stats = ColumnStats{.distinct = distinct, .average_width = {4}};
      made.columns.push_back(std::move(described));
    }
    const auto at = std::ranges::lower_bound(snapshot.schema.tables, made.name, {}, &Table::name);
    return *snapshot.schema.tables.insert(at, std::move(made));
  }

  static Index& index(Table& table, const std::string& name, const std::vector<std::string>& keys) {
    Index made{.name = name};
    made.def.table = table.name;
    for (const std::string& key : keys) {
      made.def.keys.push_back({.expression = key});
    }
    return table.indexes.emplace_back(std::move(made));
  }

  // A statement over `tables`, one block; `fill` adds what it asks.
  StatementId statement(std::int64_t calls, double mean_ms, const std::vector<std::string>& tables,
                        const std::function<void(QueryBlock&)>& fill,
                        StatementKind kind = StatementKind::kSelect) {
    const StatementId id{++last_id_};
    Statement made{.id = id};
    made.stats.calls = calls;
    made.stats.total_time = Millis{static_cast<double>(calls) * mean_ms};
    snapshot.workload.total_time += made.stats.total_time;
    snapshot.workload.statements.push_back(std::move(made));
    StatementShape shape;
    shape.kind = kind;
    shape.parsed = true;
    QueryBlock& block = shape.blocks.emplace_back();
    for (const std::string& name : tables) {
      Relation relation{.name = name, .alias = name};
      relation.table = TableName{"public", name};
      block.relations.push_back(std::move(relation));
    }
    fill(block);
    shapes.emplace(id, std::move(shape));
    return id;
  }

  static ColumnUse column(const std::string& name, int relation = 0) {
    return {.relation = relation, .block = 0, .column = name};
  }
  static void compare(QueryBlock& block, const std::string& name, PredicateKind kind = PredicateKind::kEqual,
                      int relation = 0) {
    block.predicates.push_back(
        {.column = column(name, relation), .kind = kind, .value = ValueKind::kParameter});
  }
  static void order(QueryBlock& block, const std::string& name, bool descending = false) {
    block.order_by.push_back({.column = column(name), .descending = descending, .nulls_first = descending});
  }
  static void join(QueryBlock& block, const std::string& left, const std::string& right) {
    block.joins.push_back({.left = column(left, 0), .right = column(right, 1)});
  }

  Snapshot snapshot;
  std::map<StatementId, StatementShape> shapes;

 private:
  std::uint64_t last_id_ = 0;
};

// "orders(customer_id, created_at DESC) INCLUDE (total) WHERE ...": how tests name an index.
inline std::string spelled(const IndexDef& def) {
  std::string text = def.table.table + "(";
  for (const IndexKey& key : def.keys) {
    text += (text.back() == '(' ? "" : ", ") + key.expression + (key.descending ? " DESC" : "");
  }
  text += ")";
  for (const std::string& column : def.include) {
    text += " +" + column;
  }
  return def.predicate.empty() ? text : text + " WHERE " + def.predicate;
}

}  // namespace planwise
