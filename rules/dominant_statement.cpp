#include <fmt/format.h>

#include <array>
#include <string>

#include "analyzer/base/text.h"
#include "rules/rules.h"
#include "rules/views.h"

namespace planwise::rules {
namespace {

constexpr std::array kOptions{
    Option{"min_share", 0.3, "share", "share of all measured time from which on one statement dominates"},
    Option{"min_busy", 0.001, "share", "share of one processor the whole load must take to be worth a word"},
};

constexpr std::array<std::string_view, 2> kReferences{
    "https://www.postgresql.org/docs/current/pgstatstatements.html",
    "https://dev.mysql.com/doc/refman/8.4/en/performance-schema-statement-summary-tables.html",
};

bool is_idle(const Workload& workload, const RuleOptions& options) {
  const Millis length = workload.window.length();
  return length.count() > 0 && workload.total_time < length * options.get("min_busy");
}

void check(const Analysis& analysis, const RuleOptions& options, Verdict& out) {
  const Workload& workload = analysis.snapshot.workload;
  if (is_idle(workload, options)) {
    return;
  }
  for (const Statement& statement : workload.statements) {
    const double share = workload.share(statement);
    if (share < options.get("min_share")) {
      continue;
    }
    Finding finding;
    finding.subject = subject_of(statement.id);
    finding.severity = Severity::kInfo;
    finding.confidence = Confidence::kConfirmed;
    finding.title = fmt::format("Start with statement {}: it takes {} of the time", to_string(statement.id),
                                human_share(share));
    finding.why =
        "One statement makes up so much of the load that every gain on it counts for the whole database.";
    finding.objects = {object_of(statement.id)};
    finding.statements = {{.id = statement.id}};
    finding.evidence = {load_evidence(analysis, statement)};
    finding.action = {
        .kind = ActionKind::kInvestigate,
        .text =
            "Look first at the other recommendations that name this statement; if there is none, at "
            "how often it runs and whether its result can be kept.",
        .effort = Effort::kLow};
    out.findings.push_back(std::move(finding));
  }
}

}  // namespace

constinit const Rule dominant_statement{
    .info = {.id = "dominant-statement",
             .title = "One statement dominates the load",
             .severity = Severity::kInfo,
             .engines = Engines::kAll,
             .what = "A statement with at least `min_share` of all measured time, on a server whose "
                     "statements together "
                     "take at least `min_busy` of one processor.",
             .why = "Work on other statements cannot give back more than the rest.",
             .fix = "Begin with the recommendations that name it. If there is none: run it less often, keep "
                    "its result, or "
                    "move it away from the hours that matter.",
             .quiet = "A load spread over many statements. A server with hardly any load.",
             .options = kOptions,
             .references = kReferences},
    .check = check,
};

}  // namespace planwise::rules
