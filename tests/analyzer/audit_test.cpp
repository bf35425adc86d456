#include "analyzer/audit.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <string>

namespace planwise {
namespace {

Statement statement(std::uint64_t id, std::int64_t calls, double total_ms) {
  Statement made;
  made.id = {id};
  made.query = "SELECT " + std::to_string(id);
  made.stats.calls = calls;
  made.stats.total_time = Millis{total_ms};
  return made;
}

Snapshot two_statements() {
  Snapshot snapshot;
  snapshot.workload.statements = {statement(1, 10, 600), statement(2, 5, 200)};
  snapshot.workload.total_time = Millis{1000};
  snapshot.workload.total_calls = 40;
  snapshot.workload.total_statements = 7;
  snapshot.workload.kind = WindowKind::kInterval;
  snapshot.plans[{1}].plan = Plan{};
  snapshot.plans[{2}].error = "permission denied for table payroll";
  return snapshot;
}

void say_once(const Analysis& analysis, const RuleOptions& /*options*/, Verdict& out) {
  Finding finding;
  finding.subject = subject_of(analysis.snapshot.workload.statements.front().id);
  out.findings.push_back(finding);
}
constinit const Rule speaks{.info = {.id = "speaks"}, .check = say_once};

AuditReport report_of(const Snapshot& snapshot, const std::map<StatementId, StatementShape>& shapes = {},
                      const Advice& advice = {}) {
  const std::array<const Rule*, 1> rules{&speaks};
  return analyse(snapshot, shapes, advice, rules, "shop");
}

TEST(Analyse, CountsTheLoadAndTheShareOfItThatWasPlanned) {
  const AuditReport report = report_of(two_statements());
  EXPECT_EQ(report.target_name, "shop");
  EXPECT_EQ(report.total_calls, 40);
  EXPECT_EQ(report.total_statements, 7);
  EXPECT_EQ(report.window_kind, WindowKind::kInterval);
  EXPECT_EQ(report.statements_analysed, 1);
  EXPECT_DOUBLE_EQ(report.load_planned, 0.6) << "of all counted time, listed or not";
  ASSERT_EQ(report.recommendations.size(), 1U);
  EXPECT_EQ(report.recommendations[0].finding.key(), "speaks/statement:0000000000000001");
}

TEST(Analyse, EstimatesPercentilesOfALogNormal) {
  Snapshot snapshot = two_statements();
  StatementStats& stats = snapshot.workload.statements[0].stats;
  stats.calls = 100;
  stats.total_time = Millis{1000};
  stats.stddev_time = Millis{10};
  const AuditReport report = report_of(snapshot);
  // By hand: mean 10, stddev 10: sigma = sqrt(ln 2) = 0.83255, mu = ln 10 - 0.34657 = 1.95601;
  // exp(1.95601 + 1.64485 * 0.83255) = 27.81, exp(1.95601 + 2.32635 * 0.83255) = 49.05.
  ASSERT_TRUE(report.statements[0].stats.p95_time && report.statements[0].stats.p99_time);
  EXPECT_NEAR(report.statements[0].stats.p95_time->count(), 27.81, 0.01);
  EXPECT_NEAR(report.statements[0].stats.p99_time->count(), 49.05, 0.01);
  EXPECT_FALSE(report.statements[0].stats.percentiles_measured);
  EXPECT_FALSE(report.statements[1].stats.p95_time) << "no deviation, no estimate";
}

TEST(Analyse, KeepsEstimatesWithinTheRangeThatWasSeen) {
  Snapshot snapshot = two_statements();
  StatementStats& stats = snapshot.workload.statements[0].stats;
  stats.calls = 100;
  stats.total_time = Millis{1000};
  stats.stddev_time = Millis{10};
  stats.max_time = Millis{30};
  EXPECT_EQ(report_of(snapshot).statements[0].stats.p99_time, Millis{30});
  stats.stddev_time = Millis{0};
  stats.max_time = Millis{10};
  EXPECT_NEAR(report_of(snapshot).statements[0].stats.p95_time->count(), 10, 1e-9);
}

TEST(Analyse, LeavesMeasuredPercentilesAlone) {
  Snapshot snapshot = two_statements();
  StatementStats& stats = snapshot.workload.statements[0].stats;
  stats.stddev_time = Millis{10};
  stats.p95_time = Millis{3};
  stats.percentiles_measured = true;
  EXPECT_EQ(report_of(snapshot).statements[0].stats.p95_time, Millis{3});
}

TEST(Analyse, TellsWhatCouldNotBeExplained) {
  const AuditReport report = report_of(two_statements());
  ASSERT_EQ(report.skipped.size(), 1U);
  EXPECT_EQ(report.skipped[0].what, "plan of a statement");
  EXPECT_EQ(report.skipped[0].why, "permission denied for table payroll");
  EXPECT_EQ(report.skipped[0].statement, StatementId{2});
}

TEST(Analyse, WhatReadsNothingNeedsNoPlan) {
  Snapshot snapshot = two_statements();
  snapshot.workload.statements[1].query = "VACUUM payroll";
  EXPECT_TRUE(report_of(snapshot, shapes_of(snapshot)).skipped.empty());
  snapshot.workload.statements[1].query = "INSERT INTO payroll VALUES ($1)";
  EXPECT_TRUE(report_of(snapshot, shapes_of(snapshot)).skipped.empty());
}

TEST(Analyse, DoesNotRepeatWhatTheConnectorSaid) {
  Snapshot snapshot = two_statements();
  snapshot.gaps.push_back({.what = "plan", .why = "denied", .statement = StatementId{2}});
  snapshot.gaps.push_back(snapshot.gaps.back());
  EXPECT_EQ(report_of(snapshot).skipped.size(), 1U);
}

TEST(Analyse, TellsWhichTextsCouldNotBeRead) {
  std::map<StatementId, StatementShape> shapes;
  shapes[{1}].why_not = "longer than 256 KiB";
  const AuditReport report = report_of(two_statements(), shapes);
  ASSERT_EQ(report.skipped.size(), 2U);
  EXPECT_EQ(report.skipped[0].what, "text of a statement");
  EXPECT_EQ(report.skipped[0].why, "longer than 256 KiB");
}

TEST(Analyse, CountsWhatExceedsFiftyEntriesAReason) {
  Snapshot snapshot;
  for (std::uint64_t id = 1; id <= 60; ++id) {
    snapshot.workload.statements.push_back(statement(id, 1, 1));
    snapshot.plans[{id}].error = "timeout";
  }
  Advice advice;
  advice.gaps.push_back({.what = "hypopg", .why = "not installed"});
  const AuditReport report = report_of(snapshot, {}, advice);
  ASSERT_EQ(report.skipped.size(), 52U);
  EXPECT_EQ(report.skipped[50].what, "hypopg");
  EXPECT_EQ(report.skipped[51].what, "plan of a statement: 10 more fingerprints");
  EXPECT_EQ(report.skipped[51].why, "timeout");
  EXPECT_FALSE(report.skipped[51].statement);
}

TEST(Analyse, OfAnEmptyDatabaseIsAnEmptyReport) {
  const AuditReport report = analyse({}, {}, {}, {}, "empty");
  EXPECT_EQ(report.load_planned, 0);
  EXPECT_TRUE(report.recommendations.empty());
  EXPECT_TRUE(report.skipped.empty());
}

}  // namespace
}  // namespace planwise
