#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "analyzer/base/text.h"
#include "analyzer/sql/quote.h"
#include "rules/rules.h"
#include "rules/views.h"

namespace planwise::rules {
namespace {

constexpr std::array kOptions{
    Option{"warning_share", 0.7, "share", "used share of the range from which on it is a warning"},
    Option{"critical_share", 0.9, "share", "used share of the range from which on it is critical"},
};

constexpr std::array<std::string_view, 3> kReferences{
    "https://dev.mysql.com/doc/refman/8.4/en/integer-types.html",
    "https://www.postgresql.org/docs/current/datatype-numeric.html#DATATYPE-INT",
    "https://www.postgresql.org/docs/current/sql-altersequence.html",
};

double max_of_type(std::string_view type) {
  if (type == "int2" || type == "smallint") {
    return std::numeric_limits<std::int16_t>::max();
  }
  if (type == "int4" || type == "integer") {
    return std::numeric_limits<std::int32_t>::max();
  }
  return static_cast<double>(std::numeric_limits<std::int64_t>::max());
}

// The largest value the sequence and the column it feeds can both hold. On MySQL they are one.
double limit_of(const Analysis& analysis, const Sequence& sequence) {
  const double own = static_cast<double>(sequence.max_value);
  return sequence.owner && is_postgres(analysis) ? std::min(own, max_of_type(sequence.owner_type)) : own;
}

// Columns of other tables that hold this key and overflow with it.
std::vector<const ForeignKey*> referrers(const Schema& schema, const Sequence& sequence) {
  std::vector<const ForeignKey*> found;
  for (const ForeignKey& key : schema.foreign_keys) {
    const Table* table = schema.find(key.table);
    if (key.parent == sequence.owner && table != nullptr && !table->partition_of &&
        key.parent_columns == std::vector{sequence.owner_column}) {
      const Column* column = table->find_column(key.columns.front());
      if (column != nullptr && (column->base_type == "int4" || column->base_type == "int2")) {
        found.push_back(&key);
      }
    }
  }
  return found;
}

void widen_column(const Analysis& analysis, const TableName& table, const std::string& column,
                  std::string_view old_type, Action& action) {
  const std::string head = fmt::format("ALTER TABLE {} ALTER COLUMN {} TYPE ", name_of(analysis, table),
                                       quoted(column, analysis.snapshot.server.engine));
  action.sql.push_back(head + "bigint");
  action.rollback.push_back(head + (old_type == "int2" ? "smallint" : "integer"));
}

// "bigint unsigned NOT NULL AUTO_INCREMENT" for an "int(10) unsigned" key.
std::string mysql_type(const Column& column, bool widened) {
  std::string type = !widened                                            ? column.type
                     : column.type.find("unsigned") != std::string::npos ? "bigint unsigned"
                                                                         : "bigint";
  type += column.not_null ? " NOT NULL" : "";
  return type + (column.is_identity ? " AUTO_INCREMENT" : "");
}

std::string_view rule_text(char rule) {
  switch (rule) {
    case 'c': return "CASCADE";
    case 'n': return "SET NULL";
    case 'd': return "SET DEFAULT";
    case 'r': return "RESTRICT";
    default: return "NO ACTION";
  }
}

// MySQL changes no column that a foreign key ties to another, so the keys go first and come back last.
class MySqlMigration {
 public:
  explicit MySqlMigration(const Analysis& analysis) : analysis_(analysis) {}

  Action action(const Table& table, const Column& column) {
    std::vector<const ForeignKey*> keys;
    for (const ForeignKey& key : analysis_.snapshot.schema.foreign_keys) {
      if (key.parent == table.name && key.parent_columns == std::vector{column.name}) {
        keys.push_back(&key);
      }
    }
    for (const ForeignKey* key : keys) {
      add(alter(key->table) + "DROP FOREIGN KEY " + quoted(key->name, engine()), constraint(*key));
    }
    modify(table, column);
    for (const ForeignKey* key : keys) {
      const Table* child = analysis_.snapshot.schema.find(key->table);
      const Column* reference = child == nullptr ? nullptr : child->find_column(key->columns.front());
      if (reference != nullptr && reference->base_type != "bigint") {
        modify(*child, *reference);
      }
    }
    for (const ForeignKey* key : keys) {
      add(constraint(*key), alter(key->table) + "DROP FOREIGN KEY " + quoted(key->name, engine()));
    }
    action_.kind = ActionKind::kSql;
    action_.effort = Effort::kHigh;
    action_.text =
        "Move the key, and every column that refers to it, to bigint. Without a stop: an online schema "
        "change "
        "(gh-ost, pt-online-schema-change), or do it on a replica and switch over.";
    action_.risk = fmt::format(
        "Each change of a type copies its table ({}) and lets nobody write it meanwhile; replicas fall "
        "behind by as "
        "much. Check that every client reads the key as a 64-bit number.",
        human(table.size));
    return std::move(action_);
  }

 private:
  [[nodiscard]] Engine engine() const { return analysis_.snapshot.server.engine; }
  [[nodiscard]] std::string alter(const TableName& table) const {
    return "ALTER TABLE " + name_of(analysis_, table) + " ";
  }
  [[nodiscard]] std::string constraint(const ForeignKey& key) const {
    return fmt::format("{}ADD CONSTRAINT {} FOREIGN KEY {} REFERENCES {} {} ON DELETE {} ON UPDATE {}",
                       alter(key.table), quoted(key.name, engine()), column_list(analysis_, key.columns),
                       name_of(analysis_, key.parent), column_list(analysis_, key.parent_columns),
                       rule_text(key.on_delete), rule_text(key.on_update));
  }
  void modify(const Table& table, const Column& column) {
    const std::string head = alter(table.name) + "MODIFY " + quoted(column.name, engine()) + " ";
    add(head + mysql_type(column, true), head + mysql_type(column, false));
  }
  void add(std::string sql, std::string undo) {
    action_.sql.push_back(std::move(sql));
    action_.rollback.insert(action_.rollback.begin(), std::move(undo));
  }

  const Analysis& analysis_;
  Action action_;
};

Action migrate(const Analysis& analysis, const Sequence& sequence) {
  if (!is_postgres(analysis)) {
    const Table* table = sequence.owner ? analysis.snapshot.schema.find(*sequence.owner) : nullptr;
    const Column* column = table == nullptr ? nullptr : table->find_column(sequence.owner_column);
    if (column != nullptr && column->base_type != "bigint") {
      return MySqlMigration(analysis).action(*table, *column);
    }
    return {
        .kind = ActionKind::kApplication,
        .text = "Nothing counts beyond bigint: find out why the key was set so high, and begin again lower.",
        .effort = Effort::kLow};
  }
  const std::string name = name_of(analysis, TableName{sequence.schema, sequence.name});
  Action action{.kind = ActionKind::kSql, .effort = Effort::kLow};
  if (sequence.data_type != "bigint") {
    action.sql.push_back("ALTER SEQUENCE " + name + " AS bigint");
    action.rollback.push_back(fmt::format("ALTER SEQUENCE {} AS {}", name, sequence.data_type));
    action.text = "Let the sequence count in bigint.";
    action.risk = "A short lock on the sequence.";
  } else if (sequence.max_value < std::numeric_limits<std::int64_t>::max()) {
    action.sql.push_back(fmt::format("ALTER SEQUENCE {} NO MAXVALUE", name));
    action.rollback.push_back(fmt::format("ALTER SEQUENCE {} MAXVALUE {}", name, sequence.max_value));
    action.text = "Lift the upper bound of the sequence.";
    action.risk = "A short lock on the sequence.";
  }
  if (!sequence.owner || max_of_type(sequence.owner_type) > 1e18) {
    if (action.sql.empty()) {
      action.kind = ActionKind::kApplication;
      action.text =
          "Nothing counts beyond bigint: find out why the sequence was set so high, and restart it lower.";
    }
    return action;
  }
  widen_column(analysis, *sequence.owner, sequence.owner_column, sequence.owner_type, action);
  for (const ForeignKey* key : referrers(analysis.snapshot.schema, sequence)) {
    const Column* column = analysis.snapshot.schema.find(key->table)->find_column(key->columns.front());
    widen_column(analysis, key->table, column->name, column->base_type, action);
  }
  const Table* table = analysis.snapshot.schema.find(*sequence.owner);
  action.effort = Effort::kHigh;
  action.text =
      "Move the key, and every column that refers to it, to bigint. The statements do it in one go and stop "
      "all work on "
      "the tables. Without a stop: add a bigint column, keep it in step by a trigger, fill it in batches, "
      "build a unique "
      "index on it concurrently, swap the columns in one short transaction.";
  action.risk = fmt::format(
      "ALTER COLUMN TYPE rewrites the table ({}) and its indexes under an ACCESS EXCLUSIVE lock and needs as "
      "much free "
      "disk. Check that every client reads the key as a 64-bit number.",
      table == nullptr ? "size unknown" : human(table->size));
  return action;
}

std::optional<double> days_left(const Analysis& analysis, const Sequence& sequence, double left) {
  const Schema& schema = analysis.snapshot.schema;
  const Table* table = sequence.owner ? schema.find(*sequence.owner) : nullptr;
  if (table == nullptr || !table->counters || !schema.counters || table->counters->inserts <= 0) {
    return std::nullopt;
  }
  const double days = schema.counters->length() / Millis{86'400'000};
  const double per_day = static_cast<double>(table->counters->inserts) / days;
  return days > 0 && per_day > 0 ? std::optional(left / static_cast<double>(sequence.increment) / per_day)
                                 : std::nullopt;
}

Finding finding_for(const Analysis& analysis, const Sequence& sequence, double used,
                    const RuleOptions& options) {
  const double limit = limit_of(analysis, sequence);
  const double left = limit - static_cast<double>(*sequence.last_value);
  const TableName sequence_name{sequence.schema, sequence.name};
  Finding finding;
  finding.subject = "sequence:" + sequence.schema + "." + sequence.name;
  finding.severity = used >= options.get("critical_share") ? Severity::kCritical : Severity::kWarning;
  finding.confidence = Confidence::kConfirmed;
  if (is_postgres(analysis)) {
    finding.objects = {{ObjectKind::kSequence, name_of(analysis, sequence_name)}};
  }
  finding.title = "Move the sequence " + name_of(analysis, sequence_name) + " to bigint";
  if (sequence.owner) {
    const ObjectRef column = object_of(analysis, *sequence.owner, sequence.owner_column);
    finding.objects.insert(finding.objects.begin(), {column, object_of(analysis, *sequence.owner)});
    finding.title = "Move the key " + column.name + " to bigint";
  }
  finding.why =
      "When the numbers run out every insert fails. The change takes time, so it must start before that.";
  finding.evidence = {
      {.text = fmt::format("{} of the range is used: {} of {}", human_share(used),
                           human(Rows{static_cast<double>(*sequence.last_value)}), human(Rows{limit})),
       .metric = metric(analysis, "pg_sequences.last_value", "information_schema.TABLES.AUTO_INCREMENT"),
       .value = used,
       .unit = "share"}};
  if (const auto days = days_left(analysis, sequence, left)) {
    finding.evidence.push_back(
        {.text = fmt::format("about {:.0f} days are left at the rate of inserts so far", *days),
         .metric = metric(analysis, "pg_stat_user_tables.n_tup_ins",
                          "table_io_waits_summary_by_index_usage.COUNT_INSERT"),
         .value = *days,
         .unit = "d"});
  }
  finding.action = migrate(analysis, sequence);
  return finding;
}

void check(const Analysis& analysis, const RuleOptions& options, Verdict& out) {
  for (const Sequence& sequence : analysis.snapshot.schema.sequences) {
    if (!sequence.last_value || sequence.increment <= 0 || (sequence.cycles && !sequence.owner)) {
      continue;
    }
    const double used = static_cast<double>(*sequence.last_value) / limit_of(analysis, sequence);
    if (used >= options.get("warning_share") && limit_of(analysis, sequence) > 0) {
      out.findings.push_back(finding_for(analysis, sequence, used, options));
    }
  }
}

}  // namespace

constinit const Rule key_exhaustion{
    .info = {.id = "key-exhaustion",
             .title = "A key is running out of numbers",
             .severity = Severity::kWarning,
             .engines = Engines::kAll,
             .what = "A sequence whose last value has reached `warning_share` of what it, or the column it "
                     "feeds, can hold; "
                     "critical from `critical_share` on. An integer column ends at 2,147,483,647 even where "
                     "its sequence "
                     "counts in bigint.",
             .why = "At the end of the range every insert fails with an error, at once and for good.",
             .fix = "Move the key, the columns that refer to it and the sequence to bigint. On a large table "
                    "do it column by "
                    "column beside the old one; the plain ALTER rewrites the table under a lock.",
             .quiet = "Sequences that were never used or cannot be read, that count down, or that cycle and "
                      "feed no column.",
             .options = kOptions,
             .references = kReferences},
    .check = check,
};

}  // namespace planwise::rules
