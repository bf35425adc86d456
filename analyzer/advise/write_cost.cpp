#include "analyzer/advise/write_cost.h"

#include <algorithm>
#include <set>

namespace planwise {
namespace {

constexpr double kEntryHeader = 8 + 4;
constexpr double kRowHeader = 24 + 4;
constexpr double kUnknownWidth = 8;
constexpr double kInvertedKey = 4;
// Of the work of a B-tree's entry: what rows add goes to a pending list and is merged in batches. Measured on
// PostgreSQL 15, 40,000 rows into indexes on 200,000: 0.13 (trigrams) to 0.25 (jsonb).
constexpr double kInvertedEntry = 0.25;
// Of a table's rows: inserts that make up this share have filled it.
constexpr double kFilled = 0.9;

double width_of(const std::string& name, const Table& table) {
  const Column* column = table.find_column(name);
  return column != nullptr && column->stats ? static_cast<double>(column->stats->average_width.count)
                                            : kUnknownWidth;
}

double entry_bytes(const IndexDef& def, const Table& table) {
  double bytes = kEntryHeader;
  if (def.method == IndexMethod::kGin) {
    return bytes + kInvertedKey;
  }
  for (const IndexKey& key : def.keys) {
    bytes += width_of(key.expression, table);
  }
  for (const std::string& column : def.include) {
    bytes += width_of(column, table);
  }
  return bytes;
}

// Whether the index must change when the column does. Expressions and predicates are searched as text: a
// column that is only part of another's name costs a wrong "yes", which errs towards fewer indexes.
bool touches(const IndexDef& def, const std::string& column) {
  const auto is_key = [&](const IndexKey& key) {
    return key.is_expression ? key.expression.find(column) != std::string::npos : key.expression == column;
  };
  return std::ranges::any_of(def.keys, is_key) ||
         std::ranges::find(def.include, column) != def.include.end() ||
         def.predicate.find(column) != std::string::npos;
}

double rows_of(const Statement& statement, const StatementShape& shape) {
  if (statement.stats.rows > 0) {
    return static_cast<double>(statement.stats.rows);
  }
  return static_cast<double>(statement.stats.calls) * std::max(1, shape.insert_rows);
}

void add_statement(const Statement& statement, const StatementShape& shape, const Schema& schema,
                   std::map<TableName, TableWrites>& out) {
  const bool writes = shape.kind == StatementKind::kInsert || shape.kind == StatementKind::kUpdate ||
                      shape.kind == StatementKind::kDelete || shape.kind == StatementKind::kMerge;
  if (!writes || shape.blocks.empty() || shape.blocks.front().relations.empty() ||
      !shape.blocks.front().relations.front().table) {
    return;
  }
  const Table* table = schema.find(*shape.blocks.front().relations.front().table);
  if (table == nullptr) {
    return;
  }
  TableWrites& into = out[schema.root_of(*table).name];
  const double rows = rows_of(statement, shape);
  if (shape.kind == StatementKind::kInsert) {
    into.inserted += rows;
  } else if (shape.kind == StatementKind::kDelete) {
    into.deleted += rows;
  } else {
    into.updated += rows;
    for (const std::string& column : shape.written_columns) {
      into.by_column[column] += rows;
    }
  }
}

// Rows inserted in `window` by the counters of `counted` milliseconds. Counters that have seen the table
// filled cannot tell the load of a restored dump from steady inserts: where ANALYZE has run since, no more
// than what was modified after it, at that rate.
double counted_inserts(const TableCounters& counters, const Window& window, double counted) {
  const double length = window.length().count();
  const auto inserts = static_cast<double>(counters.inserts);
  const double average = inserts * length / counted;
  const bool saw_the_fill =
      inserts - static_cast<double>(counters.deletes) >= kFilled * static_cast<double>(counters.live_rows);
  if (!saw_the_fill || !counters.modified_since_analyze || !counters.last_analyze ||
      *counters.last_analyze >= window.to) {
    return average;
  }
  const Millis since = window.to - *counters.last_analyze;
  return std::min(average, static_cast<double>(*counters.modified_since_analyze) * length / since.count());
}

void use_counters(const Table& table, const Window& window, double counted, TableWrites& writes) {
  const TableCounters& counters = *table.counters;
  const double scale = window.length().count() / counted;
  writes.inserted = std::max(writes.inserted, counted_inserts(counters, window, counted));
  writes.updated = std::max(writes.updated, scale * static_cast<double>(counters.updates));
  writes.deleted = std::max(writes.deleted, scale * static_cast<double>(counters.deletes));
  if (counters.updates > 0) {
    writes.hot_share = std::clamp(
        static_cast<double>(counters.hot_updates) / static_cast<double>(counters.updates), 0.0, 1.0);
  }
}

double extra_updates(const IndexDef& def, const TableWrites& writes) {
  double touched = 0;  // by the one column written most: statements may write several at once
  for (const auto& [column, rows] : writes.by_column) {
    if (touches(def, column)) {
      touched = std::max(touched, rows);
    }
  }
  return std::min(touched, writes.updated);
}

}  // namespace

std::map<TableName, TableWrites> table_writes(const Snapshot& snapshot,
                                              const std::map<StatementId, StatementShape>& shapes) {
  std::map<TableName, TableWrites> writes;
  for (const Statement& statement : snapshot.workload.statements) {
    if (const auto shape = shapes.find(statement.id); shape != shapes.end()) {
      add_statement(statement, shape->second, snapshot.schema, writes);
    }
  }
  const double counted = snapshot.schema.counters ? snapshot.schema.counters->length().count() : 0;
  const double window = snapshot.workload.window.length().count();
  const bool measured = snapshot.workload.kind != WindowKind::kWorkloadFiles;
  if (measured && counted > 0 && window > 0) {
    for (const Table& table : snapshot.schema.tables) {
      if (table.counters && !table.partition_of) {
        use_counters(table, snapshot.workload.window, counted, writes[table.name]);
      }
    }
  }
  return writes;
}

double entries_added(const Candidate& candidate, const Table& table, const TableWrites& writes) {
  const double hot = writes.updated * writes.hot_share;
  const double moved = writes.updated - hot;
  const double hot_lost = std::min(hot, extra_updates(candidate.def, writes) * writes.hot_share);
  const auto others = static_cast<double>(table.indexes.size());
  const double entries =
      candidate.def.method == IndexMethod::kGin ? candidate.entries_per_row * kInvertedEntry : 1;
  return entries * candidate.fraction * (writes.inserted + moved + writes.deleted / 2) +
         hot_lost * (entries + others);
}

double write_overhead(const Candidate& candidate, const Table& table, const TableWrites& writes) {
  const double rows = writes.inserted + writes.updated;
  if (rows <= 0) {
    return 0;
  }
  double row = kRowHeader;
  for (const Column& column : table.columns) {
    row += width_of(column.name, table);
  }
  double entries = 0;
  for (const Index& index : table.indexes) {
    entries += entry_bytes(index.def, table);
  }
  const double moved = writes.inserted + writes.updated * (1 - writes.hot_share);
  return entries_added(candidate, table, writes) * entry_bytes(candidate.def, table) /
         (rows * row + moved * entries);
}

}  // namespace planwise
