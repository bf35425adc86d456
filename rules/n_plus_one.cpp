#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <vector>

#include "analyzer/base/text.h"
#include "analyzer/nplusone/counters.h"
#include "rules/rules.h"
#include "rules/views.h"

namespace planwise::rules {
namespace {

constexpr std::array kOptions{
    Option{"min_intervals", 10, "intervals", "readings needed before a pattern can be told from chance"},
    Option{"min_calls_per_interval", 20, "calls", "of the repeated statement, on average"},
    Option{"min_call_share", 0.01, "share", "of all calls that the pattern makes up, or..."},
    Option{"min_time_per_day", 60'000, "ms", "...time its calls take a day, round trips included"},
};

// Source: reference measurements of round trips within one data centre; the assumption stands in the
// evidence.
constexpr Millis kRoundTrip{0.5};
constexpr Millis kDay{86'400'000};

constexpr std::array<std::string_view, 2> kReferences{
    "https://doi.org/10.1145/1007568.1007591",
    "https://www.postgresql.org/docs/current/functions-comparisons.html",
};

struct Cost {
  double call_share = 0;
  Millis per_day{0};
};

Cost cost_of(const Analysis& analysis, const NPlusOneChain& chain) {
  double all_calls = 0;
  Millis length{0};
  for (const CounterInterval& interval : analysis.snapshot.history.intervals) {
    all_calls += static_cast<double>(interval.total_calls);
    length += interval.window.length();
  }
  Cost cost;
  for (const NPlusOnePair& pair : chain.pairs) {
    const Statement* child = analysis.snapshot.workload.find(pair.child);
    const Millis mean = child == nullptr ? Millis{0} : child->mean_time();
    cost.call_share += all_calls > 0 ? pair.child_calls_explained / all_calls : 0;
    cost.per_day +=
        length.count() > 0 ? (mean + kRoundTrip) * pair.child_calls_explained * (kDay / length) : Millis{0};
  }
  return cost;
}

std::string batch_text(const NPlusOnePair& pair) {
  const std::string column = pair.lookup_columns.empty() ? "the key" : pair.lookup_columns.front();
  if (pair.write) {
    return fmt::format("Write all rows at once: UPDATE ... FROM (VALUES ...), or WHERE {} = ANY($1).",
                       column);
  }
  return fmt::format(
      "Load the rows together with their parents: a JOIN, or one query with WHERE {} = ANY($1) for all of "
      "them. ORMs call it eager loading: includes (Rails), select_related or prefetch_related (Django), "
      "JOIN FETCH or @EntityGraph (JPA), selectinload (SQLAlchemy), with (Laravel), Include (EF Core).",
      column);
}

void add_evidence(const NPlusOnePair& pair, Finding& finding) {
  finding.evidence.push_back(
      {.text = fmt::format(
           "for each row of {} {} ran {:.2f} times (95 % interval {:.2f} to {:.2f}) in {} readings; {} "
           "returned {:.1f} rows a call",
           to_string(pair.parent), to_string(pair.child), pair.slope, pair.slope_low, pair.slope_high,
           pair.intervals, to_string(pair.parent), pair.rows_per_parent_call),
       .metric = "slope",
       .value = pair.slope,
       .unit = "calls/row"});
  if (pair.tier == NPlusOneTier::kRegression) {
    finding.evidence.push_back(
        {.text = fmt::format("partial correlation {:.3f} with the load taken out, p = {:.4f}",
                             pair.partial_correlation, pair.p_value),
         .metric = "partial_correlation",
         .value = pair.partial_correlation});
  } else {
    finding.evidence.push_back(
        {.text = fmt::format("a page of constant size: {:.1f} calls for each call of the parent",
                             pair.parent_calls > 0 ? pair.child_calls / pair.parent_calls : 0),
         .metric = "calls_ratio",
         .value = pair.parent_calls > 0 ? pair.child_calls / pair.parent_calls : 0,
         .unit = "calls/call"});
  }
  finding.evidence.push_back({.text = pair.link == NPlusOneLink::kForeignKey
                                          ? fmt::format("foreign key {} links the two", pair.foreign_key)
                                          : std::string("the parent's own key links the two"),
                              .metric = "link"});
}

Finding finding_for(const Analysis& analysis, const NPlusOneChain& chain, const Cost& cost) {
  Finding finding;
  finding.subject = "statement:";
  for (std::size_t i = 0; i < chain.statements.size(); ++i) {
    const StatementId id = chain.statements[i];
    finding.subject += (i == 0 ? "" : ">") + to_string(id);
    finding.statements.push_back({.id = id, .role = i == 0 ? StatementRole::kParent : StatementRole::kChild});
    finding.objects.push_back(object_of(id));
  }
  finding.severity = Severity::kWarning;
  finding.confidence = Confidence::kStrong;
  finding.title =
      fmt::format("Batch the lookups that follow statement {}", to_string(chain.statements.front()));
  finding.why =
      "It is suspected that the application asks for a list and then, row by row, for what belongs to each: "
      "as "
      "many round trips as the list has rows, where one would do.";
  std::set<std::string> texts;
  for (const NPlusOnePair& pair : chain.pairs) {
    add_evidence(pair, finding);
    finding.objects.push_back(object_of(analysis, pair.child_table));
    const std::string text = batch_text(pair);
    if (texts.insert(text).second) {
      finding.action.text += (finding.action.text.empty() ? "" : " ") + text;
    }
  }
  finding.evidence.push_back({.text = fmt::format("{} a day goes into these calls, with {} for a round trip",
                                                  human(cost.per_day), human(kRoundTrip)),
                              .metric = "time_per_day",
                              .value = cost.per_day.count(),
                              .unit = "ms"});
  finding.action.kind = ActionKind::kApplication;
  finding.action.effort = Effort::kMedium;
  return finding;
}

void check(const Analysis& analysis, const RuleOptions& options, Verdict& out) {
  const NPlusOneOptions limits{.min_intervals = static_cast<int>(options.get("min_intervals")),
                               .min_calls_per_interval = options.get("min_calls_per_interval")};
  const NPlusOneAnswer answer =
      find_n_plus_one(analysis.snapshot.history.intervals, analysis.shapes, analysis.snapshot.schema, limits);
  for (const NPlusOneChain& chain : answer.chains) {
    const Cost cost = cost_of(analysis, chain);
    const bool matters = cost.call_share >= options.get("min_call_share") ||
                         cost.per_day >= Millis{options.get("min_time_per_day")};
    if (matters && !chain.statements.empty()) {
      out.findings.push_back(finding_for(analysis, chain, cost));
    }
  }
  if (answer.chains.empty() && !answer.why_not.empty()) {
    out.gaps.push_back(
        {.what = "N+1 patterns",
         .why = answer.why_not,
         .remedy = "audit the target regularly with planwise serve: each audit adds a reading"});
  }
}

}  // namespace

constinit const Rule n_plus_one{
    .info = {.id = "n-plus-one",
             .title = "A lookup runs once for each row of another statement",
             .severity = Severity::kWarning,
             .engines = Engines::kPostgres,
             .what = "A lookup by key, on average `min_calls_per_interval` calls or more a reading, whose "
                     "calls follow the "
                     "rows that another statement returned: over at least `min_intervals` readings of the "
                     "counters the "
                     "slope is one call a row, the rest of the load explains nothing of it, a test against "
                     "chance holds, "
                     "and a foreign key or the parent's own key links the two. It must make up "
                     "`min_call_share` of all "
                     "calls or `min_time_per_day`. Counters alone make it suspected (`strong`), not seen.",
             .why = "The page waits for as many round trips as the list has rows. It is quick with ten rows "
                    "in development "
                    "and slow with a thousand in production.",
             .fix = "Load the children with their parents: a join, one query for all keys, or the ORM's "
                    "eager loading.",
             .quiet = "Hot lookups without a parent; batch jobs and cache warm-ups; pairs that only share "
                      "the daily load "
                      "curve; too few readings or too little variation, which is told as skipped.",
             .options = kOptions,
             .references = kReferences},
    .check = check,
};

}  // namespace planwise::rules
