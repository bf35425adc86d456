#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <vector>

#include "analyzer/base/text.h"
#include "analyzer/sql/quote.h"
#include "rules/rules.h"
#include "rules/views.h"

namespace planwise::rules {
namespace {

constexpr Version kInvisibleColumns{8, 0, 23};  // MySQL
constexpr Version kMariaDbInvisibleColumns{10, 3, 0};

constexpr std::array<std::string_view, 3> kReferences{
    "https://dev.mysql.com/doc/refman/8.4/en/innodb-index-types.html",
    "https://www.postgresql.org/docs/current/ddl-constraints.html#DDL-CONSTRAINTS-PRIMARY-KEYS",
    "https://www.postgresql.org/docs/current/logical-replication-publication.html",
};

// Unique over plain columns of all rows; with `not_null`, none of which may be NULL.
bool identifies_rows(const Table& table, const Index& index, bool not_null) {
  return is_usable(index) && index.def.unique && index.def.predicate.empty() &&
         std::ranges::all_of(index.def.keys, [&](const IndexKey& key) {
           const Column* column = key.is_expression ? nullptr : table.find_column(key.expression);
           return column != nullptr && (column->not_null || !not_null);
         });
}

bool has_key(const Table& table) {
  return std::ranges::any_of(table.indexes, [&](const Index& index) {
    return index.constraint == ConstraintKind::kPrimaryKey || identifies_rows(table, index, true);
  });
}

std::string free_column(const Table& table) {
  std::string name = "id";
  for (int i = 1; table.find_column(name) != nullptr; ++i) {
    name = "row_id" + (i == 1 ? std::string() : std::to_string(i));
  }
  return name;
}

std::string free_key_name(const Table& table) {
  std::string name = shortened(table.name.table, 50) + "_pkey";
  while (table.find_index(name) != nullptr) {
    name += "1";
  }
  return name;
}

// On MySQL every unique index is a constraint.
const Index* unique_but_nullable(const Analysis& analysis, const Table& table) {
  const auto at = std::ranges::find_if(table.indexes, [&](const Index& index) {
    return identifies_rows(table, index, false) &&
           (index.constraint == ConstraintKind::kNone || !is_postgres(analysis));
  });
  return at == table.indexes.end() ? nullptr : &*at;
}

// A column that is never NULL and, as far as the statistics know, different in every row.
const Column* distinct_column(const Table& table) {
  const auto at = std::ranges::find_if(table.columns, [&](const Column& column) {
    return column.not_null && table.rows && table.rows->count > 0 && column.stats &&
           (column.is_identity || column.stats->distinct >= table.rows->count * 0.999);
  });
  return at == table.columns.end() ? nullptr : &*at;
}

// Source of the locks: https://www.postgresql.org/docs/current/sql-altertable.html
Action promote(const Analysis& analysis, const Table& table, const Index& index) {
  const Engine engine = analysis.snapshot.server.engine;
  const std::string name = name_of(analysis, table.name);
  const std::string key = quoted(index.name, engine);
  Action action{
      .kind = ActionKind::kSql,
      .text = "Fill or remove NULLs in the columns, then make the unique index the primary key.",
      .effort = Effort::kMedium,
      .risk =
          "SET NOT NULL reads the whole table under an ACCESS EXCLUSIVE lock and fails at the first NULL: "
          "run it with a lock_timeout, in a quiet hour."};
  action.rollback = {fmt::format("ALTER TABLE {} DROP CONSTRAINT {}", name, key),
                     create_index(index.def, index.name, engine, true)};
  for (const IndexKey& one : index.def.keys) {
    if (!table.find_column(one.expression)->not_null) {
      const std::string column = quoted(one.expression, engine);
      action.sql.push_back(fmt::format("ALTER TABLE {} ALTER COLUMN {} SET NOT NULL", name, column));
      action.rollback.push_back(fmt::format("ALTER TABLE {} ALTER COLUMN {} DROP NOT NULL", name, column));
    }
  }
  action.sql.push_back(
      fmt::format("ALTER TABLE {} ADD CONSTRAINT {} PRIMARY KEY USING INDEX {}", name, key, key));
  return action;
}

Action key_on(const Analysis& analysis, const Table& table, const Column& column) {
  const Engine engine = analysis.snapshot.server.engine;
  const std::string name = name_of(analysis, table.name);
  const std::string key = free_key_name(table);
  IndexDef def;
  def.table = table.name;
  def.keys = {{.expression = column.name}};
  def.unique = true;
  return {.kind = ActionKind::kSql,
          .sql = {create_index(def, key, engine, true),
                  fmt::format("ALTER TABLE {} ADD CONSTRAINT {} PRIMARY KEY USING INDEX {}", name,
                              quoted(key, engine), quoted(key, engine))},
          .rollback = {fmt::format("ALTER TABLE {} DROP CONSTRAINT {}", name, quoted(key, engine))},
          .text = "Build the unique index without blocking writes, then make it the primary key.",
          .effort = Effort::kLow,
          .risk =
              "The build fails, and leaves an invalid index to drop, if a value occurs twice. The second "
              "statement "
              "takes a short ACCESS EXCLUSIVE lock."};
}

Action new_key(const Analysis& analysis, const Table& table) {
  const std::string name = name_of(analysis, table.name);
  const std::string column = free_column(table);
  return {
      .kind = ActionKind::kSql,
      .sql = {fmt::format("ALTER TABLE {} ADD COLUMN {} bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY",
                          name, column)},
      .rollback = {fmt::format("ALTER TABLE {} DROP COLUMN {}", name, column)},
      .text = "Add a key column. If some columns identify a row already, make those the primary key instead.",
      .effort = Effort::kMedium,
      .risk = fmt::format("Rewrites the table ({}) under an ACCESS EXCLUSIVE lock: nobody reads or writes it "
                          "meanwhile. Clients that insert without a column list break.",
                          human(table.size))};
}

// MySQL: what identifies rows already, else a column that statements which do not name it never see.
Action mysql_key(const Analysis& analysis, const Table& table) {
  const ServerInfo& server = analysis.snapshot.server;
  const std::string head = "ALTER TABLE " + name_of(analysis, table.name);
  const bool can_hide =
      (server.engine == Engine::kMySql ? kInvisibleColumns : kMariaDbInvisibleColumns) <= server.version;
  Action action{
      .kind = ActionKind::kSql,
      .effort = Effort::kMedium,
      .risk = fmt::format("Builds the table ({}) anew; replicas fall behind by as much.", human(table.size))};
  const auto counted = std::ranges::find(table.columns, true, &Column::is_identity);
  if (const Index* unique = unique_but_nullable(analysis, table); unique != nullptr) {
    std::vector<std::string> columns;
    std::string changes;
    std::string undo;
    for (const IndexKey& key : unique->def.keys) {
      const Column& column = *table.find_column(key.expression);
      const std::string name = quoted(column.name, server.engine);
      changes += column.not_null ? "" : fmt::format(" MODIFY {} {} NOT NULL,", name, column.type);
      undo += column.not_null ? "" : fmt::format(", MODIFY {} {} NULL", name, column.type);
      columns.push_back(column.name);
    }
    action.sql = {fmt::format("{}{} ADD PRIMARY KEY {}", head, changes, column_list(analysis, columns))};
    action.rollback = {head + " DROP PRIMARY KEY" + undo};
    action.text = "Fill or remove NULLs in the columns of the unique index, then make them the primary key.";
  } else if (counted != table.columns.end()) {
    action.sql = {fmt::format("{} ADD PRIMARY KEY {}", head, column_list(analysis, {counted->name}))};
    action.rollback = {head + " DROP PRIMARY KEY"};
    action.text = "Make the counted column the primary key; it fails if a value occurs twice.";
  } else {
    const std::string column = free_column(table);
    action.sql = {fmt::format("{} ADD COLUMN {} bigint unsigned NOT NULL AUTO_INCREMENT{} PRIMARY KEY", head,
                              column, can_hide ? " INVISIBLE" : "")};
    action.rollback = {fmt::format("{} DROP COLUMN {}", head, column)};
    action.text =
        "Add a key column. If some columns identify a row already, make those the primary key instead.";
    action.risk += can_hide ? "" : " Clients that insert without a column list break.";
  }
  return action;
}

Action action_for(const Analysis& analysis, const Table& table) {
  if (!is_postgres(analysis) && table.partition_key.empty()) {
    return mysql_key(analysis, table);
  }
  if (!is_postgres(analysis)) {
    return {
        .kind = ActionKind::kApplication,
        .text =
            "Choose columns that identify a row and add a primary key over them; it must hold all columns of "
            "the partition key " +
            table.partition_key + ".",
        .effort = Effort::kMedium};
  }
  if (table.kind == TableKind::kPartitioned) {
    return {
        .kind = ActionKind::kApplication,
        .text = "Choose columns that identify a row and add a primary key over them and the partition key " +
                column_list(analysis, table.partition_columns) +
                "; build a unique index on each partition first, so that adding it is quick.",
        .effort = Effort::kMedium};
  }
  if (const Index* index = unique_but_nullable(analysis, table); index != nullptr) {
    return promote(analysis, table, *index);
  }
  if (const Column* column = distinct_column(table); column != nullptr) {
    return key_on(analysis, table, *column);
  }
  return new_key(analysis, table);
}

Finding finding_for(const Analysis& analysis, const Table& table) {
  const std::int64_t changed = table.counters ? table.counters->updates + table.counters->deletes : 0;
  Finding finding;
  finding.subject = subject_of(table.name);
  finding.severity = changed > 0 ? Severity::kWarning : Severity::kInfo;
  finding.confidence = Confidence::kConfirmed;
  finding.title = "Add a primary key to " + name_of(analysis, table.name);
  finding.why =
      is_postgres(analysis)
          ? "Without a key one row cannot be told from another: logical replication cannot copy updates and "
            "deletes, and duplicates creep in."
          : "Without a key InnoDB keeps a hidden one that no query can use, and a replica reads the whole "
            "table for each row that is updated or deleted.";
  finding.objects = {object_of(analysis, table.name)};
  finding.evidence = {
      {.text = "no primary key and no unique index over columns that are never NULL",
       .metric = metric(analysis, "pg_index.indisprimary", "information_schema.STATISTICS")},
      {.text = human(Rows{row_count(table).value_or(0)}) + " rows",
       .metric = metric(analysis, "pg_class.reltuples", "information_schema.TABLES.TABLE_ROWS"),
       .value = row_count(table).value_or(0),
       .unit = "rows"}};
  if (table.counters) {
    finding.evidence.push_back(
        {.text = human(Rows{static_cast<double>(changed)}) + " rows updated or deleted",
         .metric = metric(analysis, "pg_stat_user_tables.n_tup_upd + n_tup_del",
                          "table_io_waits_summary_by_index_usage.COUNT_UPDATE + COUNT_DELETE"),
         .value = static_cast<double>(changed),
         .unit = "rows"});
  }
  finding.action = action_for(analysis, table);
  return finding;
}

void check(const Analysis& analysis, const RuleOptions& /*options*/, Verdict& out) {
  for (const Table& table : analysis.snapshot.schema.tables) {
    const bool stored = table.kind == TableKind::kTable || table.kind == TableKind::kPartitioned;
    if (stored && speaks_for_itself(table) && !is_tiny(table) && !has_key(table)) {
      out.findings.push_back(finding_for(analysis, table));
    }
  }
}

}  // namespace

constinit const Rule missing_primary_key{
    .info = {.id = "missing-primary-key",
             .title = "A table has no primary key",
             .severity = Severity::kWarning,
             .engines = Engines::kAll,
             .what = "A table of at least 1,000 rows or 1 MB without a primary key and without a valid "
                     "unique index over "
                     "plain columns that are all NOT NULL. It is a warning where rows are updated or "
                     "deleted, else info.",
             .why = "Rows that are equal in all columns cannot be told apart, so a single one can be neither "
                    "updated nor "
                    "deleted. Logical replication refuses updates and deletes. On MySQL every secondary "
                    "index carries a "
                    "hidden row id instead.",
             .fix = "Make a unique index the key if there is one; else build one over a column that is "
                    "different in every "
                    "row; else add a key column, which rewrites the table.",
             .quiet = "Tiny tables, partitions (their parent speaks), temporary and foreign tables, "
                      "materialized views.",
             .options = {},
             .references = kReferences},
    .check = check,
};

}  // namespace planwise::rules
