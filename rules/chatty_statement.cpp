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
    Option{"min_calls_per_second", 50, "calls", "average over the window from which on calls are very many"},
    Option{"min_calls", 10'000, "calls", "a short window with fewer calls than this proves nothing"},
    Option{"max_mean", 0.5, "ms", "time in the server up to which the way to it and back takes longer"},
    Option{"max_rows", 10, "rows", "rows a call up to which the statement is trivial"},
};

// The round trip of 0.5 ms within one data centre is the assumption of n-plus-one detection too.
constexpr Millis kRoundTrip{0.5};

constexpr std::array<std::string_view, 1> kReferences{
    "https://www.postgresql.org/docs/current/libpq-pipeline-mode.html",
};

bool is_sql_work(const StatementShape* shape) {
  return shape == nullptr ||
         (shape->kind != StatementKind::kUtility && shape->kind != StatementKind::kUnknown);
}

Finding finding_for(const Analysis& analysis, const Statement& statement, double per_second) {
  const StatementShape* shape = shape_of(analysis, statement.id);
  const bool reads_nothing =
      shape != nullptr && shape->kind == StatementKind::kSelect &&
      std::ranges::all_of(shape->blocks, [](const QueryBlock& block) { return block.relations.empty(); });
  const Millis waiting = kRoundTrip * static_cast<double>(statement.stats.calls);
  Finding finding;
  finding.subject = subject_of(statement.id);
  finding.severity = Severity::kInfo;
  finding.confidence = Confidence::kPossible;
  finding.title = fmt::format("Call statement {} less often", to_string(statement.id));
  finding.why =
      "The server answers at once; what costs is the way there and back, paid on every call by whoever waits "
      "for it.";
  finding.objects = {object_of(statement.id)};
  finding.statements = {{.id = statement.id}};
  finding.evidence = {
      {.text = fmt::format("{:.0f} calls a second", per_second),
       .metric =
           metric(analysis, "pg_stat_statements.calls", "events_statements_summary_by_digest.COUNT_STAR"),
       .value = per_second,
       .unit = "calls/s"},
      {.text = human(statement.mean_time()) + " a call in the server",
       .metric = metric(analysis, "pg_stat_statements.mean_exec_time",
                        "events_statements_summary_by_digest.AVG_TIMER_WAIT"),
       .value = statement.mean_time().count(),
       .unit = "ms"},
      {.text = fmt::format("{} spent on round trips, if one takes {}", human(waiting), human(kRoundTrip)),
       .metric = "round_trip_time",
       .value = waiting.count(),
       .unit = "ms"}};
  finding.action = {
      .kind = ActionKind::kApplication,
      .text = reads_nothing ? "It reads no table: most likely a connection check. Let the pool "
                              "check idle connections only, or "
                              "test on failure."
              : is_postgres(analysis)
                  ? "Ask for many keys at once (= ANY($1) or a join), keep the result for a while, or "
                    "send calls in a pipeline. Prepare the statement if it is parsed each time."
                  : "Ask for many keys at once (IN (…) or a join), or keep the result for a while. "
                    "Prepare the statement if it is parsed each time.",
      .effort = Effort::kMedium};
  return finding;
}

void check(const Analysis& analysis, const RuleOptions& options, Verdict& out) {
  for (const Statement& statement : analysis.snapshot.workload.statements) {
    const auto hourly = calls_per_hour(analysis, statement);
    if (!hourly || static_cast<double>(statement.stats.calls) < options.get("min_calls") ||
        !is_sql_work(shape_of(analysis, statement.id)) || !statement.top_level) {
      continue;
    }
    const double per_second = *hourly / 3600;
    if (per_second >= options.get("min_calls_per_second") &&
        statement.mean_time() <= Millis{options.get("max_mean")} &&
        statement.rows_per_call() <= options.get("max_rows")) {
      out.findings.push_back(finding_for(analysis, statement, per_second));
    }
  }
}

}  // namespace

constinit const Rule chatty_statement{
    .info = {.id = "chatty-statement",
             .title = "A trivial statement is called very often",
             .severity = Severity::kInfo,
             .engines = Engines::kAll,
             .what = "At least `min_calls_per_second` on average and `min_calls` in the window, of a "
                     "statement that takes "
                     "at most `max_mean` in the server and returns at most `max_rows` a call.",
             .why = "Each call pays a round trip, and the time of a connection, that is longer than the "
                    "work. A page that "
                    "makes a hundred such calls waits a hundred times.",
             .fix = "Batch the calls, keep the result in the application, or use a pipeline. A connection "
                    "check (SELECT 1) "
                    "belongs into the pool's idle check.",
             .quiet = "Few calls, or a window too short to tell; statements inside functions, which make no "
                      "round trip; "
                      "BEGIN, COMMIT, SET and their kin.",
             .options = kOptions,
             .references = kReferences},
    .check = check,
};

}  // namespace planwise::rules
