#include "analyzer/audit.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <set>
#include <string>
#include <tuple>
#include <utility>

namespace planwise {
namespace {

// CONTRACT.md: one entry a statement up to fifty a reason, then one for the rest.
constexpr std::size_t kEntriesPerReason = 50;

// Quantiles of the standard normal distribution.
// Source: https://www.itl.nist.gov/div898/handbook/eda/section3/eda3671.htm
constexpr double kNormal95 = 1.6448536269514722;
constexpr double kNormal99 = 2.3263478740408408;

// Latencies are skewed to the right; the log-normal distribution with the same mean and standard deviation is
// the usual model. Source: N. L. Johnson, S. Kotz, N. Balakrishnan, Continuous Univariate Distributions 1,
// 2nd ed., 1994, ch. 14: sigma^2 = ln(1 + (stddev/mean)^2), mu = ln(mean) - sigma^2/2.
Millis lognormal_quantile(Millis mean, Millis stddev, double normal_quantile) {
  const double ratio = stddev / mean;
  const double variance = std::log1p(ratio * ratio);
  return Millis{std::exp(std::log(mean.count()) - variance / 2 + std::sqrt(variance) * normal_quantile)};
}

void estimate_percentiles(Statement& statement) {
  StatementStats& stats = statement.stats;
  const Millis mean = statement.mean_time();
  if (stats.percentiles_measured || stats.calls < 2 || !stats.stddev_time || mean.count() <= 0) {
    return;
  }
  const auto within_range = [&stats](Millis estimate) {
    const Millis above = std::max(estimate, stats.min_time.value_or(estimate));
    return std::min(above, stats.max_time.value_or(above));
  };
  stats.p95_time = within_range(lognormal_quantile(mean, *stats.stddev_time, kNormal95));
  stats.p99_time = within_range(lognormal_quantile(mean, *stats.stddev_time, kNormal99));
}

// Statements that could not be explained or read, unless the connector has already said so.
std::vector<Gap> statement_gaps(const Snapshot& snapshot,
                                const std::map<StatementId, StatementShape>& shapes) {
  std::set<StatementId> told;
  for (const Gap& gap : snapshot.gaps) {
    if (gap.statement) {
      told.insert(*gap.statement);
    }
  }
  std::vector<Gap> gaps;
  for (const Statement& statement : snapshot.workload.statements) {
    const auto plan = snapshot.plans.find(statement.id);
    const auto shape = shapes.find(statement.id);
    const bool failed = plan != snapshot.plans.end() && !plan->second.plan && !plan->second.error.empty();
    const bool reads_nothing = shape != shapes.end() && (shape->second.kind == StatementKind::kUtility ||
                                                         shape->second.insert_rows > 0);
    if (failed && !reads_nothing && !told.contains(statement.id)) {
      gaps.push_back({.what = "plan of a statement", .why = plan->second.error, .statement = statement.id});
    }
    if (shape != shapes.end() && !shape->second.parsed && !shape->second.why_not.empty()) {
      gaps.push_back(
          {.what = "text of a statement", .why = shape->second.why_not, .statement = statement.id});
    }
  }
  return gaps;
}

// Each gap once, at most fifty a reason, and for what is left out an entry that counts it.
std::vector<Gap> bounded(const std::vector<Gap>& gaps) {
  using Reason = std::tuple<std::string, std::string, std::string>;
  std::set<Gap> seen;
  std::map<Reason, std::size_t> entries;
  std::map<Reason, std::pair<Gap, std::set<StatementId>>> left_out;
  std::map<Reason, std::size_t> left_out_count;
  std::vector<Gap> kept;
  for (const Gap& gap : gaps) {
    if (!seen.insert(gap).second) {
      continue;
    }
    const Reason reason{gap.rule, gap.what, gap.why};
    if (++entries[reason] <= kEntriesPerReason) {
      kept.push_back(gap);
      continue;
    }
    ++left_out_count[reason];
    auto& [first, fingerprints] = left_out.try_emplace(reason, gap, std::set<StatementId>{}).first->second;
    if (gap.statement) {
      fingerprints.insert(*gap.statement);
    }
  }
  for (auto& [reason, rest] : left_out) {
    auto& [gap, fingerprints] = rest;
    const std::size_t count = left_out_count[reason];
    gap.what += fingerprints.empty() ? ": " + std::to_string(count) + " more"
                                     : ": " + std::to_string(fingerprints.size()) + " more fingerprints";
    gap.remedy_sql.clear();
    gap.statement.reset();
    kept.push_back(std::move(gap));
  }
  return kept;
}

}  // namespace

AuditReport analyse(const Snapshot& snapshot, const std::map<StatementId, StatementShape>& shapes,
                    const Advice& advice, std::span<const Rule* const> rules, std::string_view target_name) {
  const Workload& workload = snapshot.workload;
  AuditReport report;
  report.target_name = target_name;
  report.server = snapshot.server;
  report.window = workload.window;
  report.window_kind = workload.kind;
  report.total_time = workload.total_time;
  report.total_calls = workload.total_calls;
  report.total_statements = workload.total_statements;
  report.statements = workload.statements;
  report.plans = snapshot.plans;
  report.choices = advice.choices;
  report.advice_questions = advice.questions;
  report.advice_complete = advice.complete;
  for (Statement& statement : report.statements) {
    if (snapshot.plan_of(statement.id) != nullptr) {
      ++report.statements_analysed;
      report.load_planned += workload.share(statement);
    }
    estimate_percentiles(statement);
  }
  report.load_planned = std::min(report.load_planned, 1.0);

  Verdict verdict = run_rules(rules, Analysis{.snapshot = snapshot, .shapes = shapes, .advice = advice});
  report.recommendations = recommend(std::move(verdict.findings), target_name);

  std::vector<Gap> gaps = snapshot.gaps;
  std::ranges::move(statement_gaps(snapshot, shapes), std::back_inserter(gaps));
  std::ranges::copy(advice.gaps, std::back_inserter(gaps));
  std::ranges::move(verdict.gaps, std::back_inserter(gaps));
  report.skipped = bounded(gaps);
  return report;
}

}  // namespace planwise
