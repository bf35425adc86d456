#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include "analyzer/base/text.h"
#include "rules/rules.h"
#include "rules/views.h"

namespace planwise::rules {
namespace {

constexpr std::array kOptions{
    Option{"base_threshold", 50, "rows", "used where autovacuum_analyze_threshold cannot be read"},
    Option{"scale_factor", 0.1, "share", "used where autovacuum_analyze_scale_factor cannot be read"},
};

constexpr std::array<std::string_view, 2> kReferences{
    "https://www.postgresql.org/docs/current/routine-vacuuming.html#AUTOVACUUM",
    "https://www.postgresql.org/docs/current/sql-analyze.html",
};

double table_option(const Snapshot& snapshot, const Table& table, const std::string& name, double fallback) {
  const auto own = table.options.find(name);
  if (own != table.options.end()) {
    Snapshot reader;  // reads the text of a reloption as it reads a setting
    reader.settings[name].value = own->second;
    return reader.setting(name).value_or(fallback);
  }
  return snapshot.setting(name).value_or(fallback);
}

// Source: https://www.postgresql.org/docs/current/routine-vacuuming.html: analyze threshold = analyze base
// threshold + analyze scale factor * number of tuples.
double analyze_threshold(const Snapshot& snapshot, const Table& table, double rows,
                         const RuleOptions& options) {
  return table_option(snapshot, table, "autovacuum_analyze_threshold", options.get("base_threshold")) +
         table_option(snapshot, table, "autovacuum_analyze_scale_factor", options.get("scale_factor")) * rows;
}

bool autovacuum_is_off(const Snapshot& snapshot, const Table& table) {
  const auto own = table.options.find("autovacuum_enabled");
  return snapshot.setting("autovacuum") == 0 ||
         (own != table.options.end() && (own->second == "off" || own->second == "false"));
}

bool is_read_by_hot_statement(const Analysis& analysis, const Table& table) {
  return std::ranges::any_of(analysis.snapshot.workload.statements, [&](const Statement& statement) {
    const StatementShape* shape = shape_of(analysis, statement.id);
    return shape != nullptr && is_hot(analysis, statement) &&
           std::ranges::any_of(tables_read(analysis, *shape),
                               [&](const Table* read) { return read->name == table.name; });
  });
}

Finding finding_for(const Analysis& analysis, const Table& table, double rows, double threshold) {
  const TableCounters& counters = *table.counters;
  const auto modified = static_cast<double>(counters.modified_since_analyze.value_or(0));
  Finding finding;
  finding.subject = subject_of(table.name);
  finding.severity = is_read_by_hot_statement(analysis, table) ? Severity::kWarning : Severity::kInfo;
  finding.confidence = Confidence::kConfirmed;
  finding.title = "Analyze " + name_of(analysis, table.name);
  finding.objects = {object_of(analysis, table.name)};
  if (counters.last_analyze) {
    finding.why = "The planner chooses plans from numbers that no longer describe the table.";
    finding.evidence.push_back(
        {.text = fmt::format("{} rows changed since {}; {} are enough to analyze again",
                             human(Rows{modified}), rfc3339(*counters.last_analyze), human(Rows{threshold})),
         .metric = "pg_stat_user_tables.n_mod_since_analyze",
         .value = modified,
         .unit = "rows"});
  } else {
    finding.why = "The planner has never seen what is in this table and works with guesses.";
    finding.evidence.push_back({.text = fmt::format("never analyzed, {} rows", human(Rows{rows})),
                                .metric = "pg_stat_user_tables.n_live_tup",
                                .value = rows,
                                .unit = "rows"});
  }
  finding.action = {
      .kind = ActionKind::kSql,
      .sql = {"ANALYZE " + name_of(analysis, table.name)},
      .text = "Refresh the statistics now.",
      .effort = Effort::kLow,
      .risk = "Reads a sample of the table; blocks neither reads nor writes. Plans may change."};
  if (autovacuum_is_off(analysis.snapshot, table)) {
    finding.evidence.push_back({.text = "autovacuum, which would analyze it, is off for this table",
                                .metric = "autovacuum_enabled",
                                .value = 0});
    finding.action.text += " Then let autovacuum keep them fresh: it is off for this table.";
  }
  return finding;
}

void check(const Analysis& analysis, const RuleOptions& options, Verdict& out) {
  std::size_t unseen = 0;
  for (const Table& table : analysis.snapshot.schema.tables) {
    if (!speaks_for_itself(table) || is_tiny(table)) {
      continue;
    }
    if (!table.counters || !table.counters->modified_since_analyze) {
      ++unseen;
      continue;
    }
    // Rows written since a never analyzed table was made are its live rows as well as its changes.
    const double rows = row_count(table).value_or(0);
    const double threshold = analyze_threshold(analysis.snapshot, table, rows, options);
    const bool never = !table.counters->last_analyze && !table.rows;
    const bool stale = static_cast<double>(*table.counters->modified_since_analyze) > threshold;
    if (never || stale) {
      out.findings.push_back(finding_for(analysis, table, rows, threshold));
    }
  }
  if (unseen > 0) {
    out.gaps.push_back({.what = "changes since the last ANALYZE",
                        .why = fmt::format("the server does not count them for {}",
                                           unseen == 1 ? "1 table" : fmt::format("{} tables", unseen)),
                        .remedy = "set track_counts to on"});
  }
}

}  // namespace

constinit const Rule stale_statistics{
    .info =
        {.id = "stale-statistics",
         .title = "The planner's statistics of a table are out of date",
         .severity = Severity::kWarning,
         .engines = Engines::kPostgres,
         .what = "A table that was never analyzed, or whose rows changed since by more than PostgreSQL's own "
                 "threshold: "
                 "autovacuum_analyze_threshold + autovacuum_analyze_scale_factor × rows, the table's storage "
                 "parameters first, `base_threshold` and `scale_factor` where neither can be read. It is a "
                 "warning "
                 "where a statement with at least 1 % of the load reads the table.",
         .why = "Row counts that are off lead to the wrong join order, the wrong join method and full scans.",
         .fix =
             "Run ANALYZE; it reads a sample and blocks nobody. If it keeps coming back, lower the table's "
             "autovacuum_analyze_scale_factor, or find out why autovacuum does not get to it.",
         .quiet = "Tiny tables, temporary and foreign tables. Partitions: their parent speaks for all of "
                  "them, because "
                  "ANALYZE of the parent covers them.",
         .options = kOptions,
         .references = kReferences},
    .check = check,
};

}  // namespace planwise::rules
