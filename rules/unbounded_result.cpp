#include <fmt/format.h>

#include <array>
#include <string>

#include "analyzer/base/text.h"
#include "rules/rules.h"
#include "rules/views.h"

namespace planwise::rules {
namespace {

constexpr std::array kOptions{
    Option{"min_rows", 10'000, "rows",
           "rows a call from which on a result is more than a person or a page takes in"},
    Option{"min_calls_per_hour", 1, "calls", "an export that runs less often is meant to be large"},
    Option{"min_calls", 2, "calls", "a single call may be somebody's one export"},
};

constexpr std::array<std::string_view, 2> kReferences{
    "https://www.postgresql.org/docs/current/queries-limit.html",
    "https://www.postgresql.org/docs/current/sql-declare.html",
};

void check(const Analysis& analysis, const RuleOptions& options, Verdict& out) {
  for (const Statement& statement : analysis.snapshot.workload.statements) {
    const StatementShape* shape = shape_of(analysis, statement.id);
    const auto hourly = calls_per_hour(analysis, statement);
    if (shape == nullptr || shape->kind != StatementKind::kSelect || shape->blocks.empty() ||
        shape->blocks[0].has_limit || !statement.top_level || !hourly ||
        statement.rows_per_call() < options.get("min_rows") || *hourly < options.get("min_calls_per_hour") ||
        static_cast<double>(statement.stats.calls) < options.get("min_calls")) {
      continue;
    }
    Finding finding = statement_finding(analysis, statement);
    finding.confidence = Confidence::kStrong;
    finding.title = fmt::format("Bound the result of statement {}", to_string(statement.id));
    finding.why =
        "Every call sends a whole crowd of rows to the client, which must hold them all in memory. The "
        "number "
        "grows with the table.";
    for (const Table* table : tables_read(analysis, *shape)) {
      finding.objects.push_back(object_of(analysis, table->name));
    }
    finding.evidence.push_back(
        {.text = human(Rows{statement.rows_per_call()}) + " rows a call, without a LIMIT",
         .metric = "pg_stat_statements.rows / calls",
         .value = statement.rows_per_call(),
         .unit = "rows"});
    finding.evidence.push_back({.text = fmt::format("{:.1f} calls an hour", *hourly),
                                .metric = "pg_stat_statements.calls",
                                .value = *hourly,
                                .unit = "calls/h"});
    finding.action = {
        .kind = ActionKind::kApplication,
        .text =
            "Fetch a page at a time (ORDER BY a unique key, WHERE key > the last one seen, LIMIT), read "
            "through a cursor, or let the database aggregate what the client adds up itself.",
        .effort = Effort::kMedium};
    out.findings.push_back(std::move(finding));
  }
}

}  // namespace

constinit const Rule unbounded_result{
    .info =
        {.id = "unbounded-result",
         .title = "A statement returns a crowd of rows without a LIMIT",
         .severity = Severity::kWarning,
         .engines = Engines::kPostgres,
         .what =
             "A SELECT without LIMIT that returns `min_rows` or more a call on average, is called at least "
             "`min_calls_per_hour` and at least `min_calls` times in the window.",
         .why = "The server reads and sends, and the client holds, all of it. The number grows with the "
                "table until "
                "one of them gives up.",
         .fix = "Page by key, use a cursor, or aggregate in the database.",
         .quiet = "Statements with a LIMIT; exports that run rarely; INSERT ... SELECT and statements inside "
                  "functions, whose rows stay in the server.",
         .options = kOptions,
         .references = kReferences},
    .check = check,
};

}  // namespace planwise::rules
