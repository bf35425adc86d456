#include "analyzer/rule.h"

#include <gtest/gtest.h>

#include <array>
#include <stdexcept>
#include <string>

namespace planwise {
namespace {

constexpr std::array kOptions{Option{"min_rows", 10'000, "rows", "smaller tables are left alone"}};

void say(std::string subject, Verdict& out) {
  Finding finding;
  finding.subject = std::move(subject);
  out.findings.push_back(finding);
}

void check_two(const Analysis& /*analysis*/, const RuleOptions& options, Verdict& out) {
  say("table:b." + std::to_string(static_cast<int>(options.get("min_rows"))), out);
  say("table:a", out);
}

void check_gap(const Analysis& /*analysis*/, const RuleOptions& /*options*/, Verdict& out) {
  out.gaps.push_back({.what = "column statistics", .why = "not readable"});
}

void check_throws(const Analysis& /*analysis*/, const RuleOptions& /*options*/, Verdict& out) {
  say("table:half", out);
  throw std::runtime_error("no such thing");
}

constinit const Rule two{.info = {.id = "two", .options = kOptions}, .check = check_two};
constinit const Rule another{.info = {.id = "another"}, .check = check_two};
constinit const Rule gap{.info = {.id = "gap"}, .check = check_gap};
constinit const Rule throws{.info = {.id = "throws"}, .check = check_throws};
constinit const Rule mysql{.info = {.id = "mysql", .engines = Engines::kMySqlFamily, .options = kOptions},
                           .check = check_two};

Verdict run(std::span<const Rule* const> rules, Engine engine = Engine::kPostgres) {
  Snapshot snapshot;
  snapshot.server.engine = engine;
  const std::map<StatementId, StatementShape> shapes;
  const Advice advice;
  return run_rules(rules, Analysis{.snapshot = snapshot, .shapes = shapes, .advice = advice});
}

TEST(RunRules, SortsFindingsByKeyAndNamesTheirRule) {
  const std::array<const Rule*, 1> rules{&two};
  const Verdict said = run(rules);
  ASSERT_EQ(said.findings.size(), 2U);
  EXPECT_EQ(said.findings[0].key(), "two/table:a");
  EXPECT_EQ(said.findings[1].key(), "two/table:b.10000");
}

TEST(RunRules, RunsOnlyTheRulesOfTheEngine) {
  const std::array<const Rule*, 1> rules{&mysql};
  const Verdict said = run(rules, Engine::kPostgres);
  EXPECT_TRUE(said.findings.empty());
  ASSERT_EQ(said.gaps.size(), 1U);  // and names the others
  EXPECT_EQ(said.gaps[0].why, "these rules do not look at PostgreSQL: mysql");
  EXPECT_EQ(said.gaps[0].rule, "");
  EXPECT_TRUE(run(rules, Engine::kMySql).gaps.empty());
  EXPECT_EQ(run(rules, Engine::kMySql).findings.size(), 2U);
  EXPECT_EQ(run(rules, Engine::kMariaDb).findings.size(), 2U);
}

TEST(RunRules, NamesTheRuleThatCouldNotSee) {
  const std::array<const Rule*, 1> rules{&gap};
  const Verdict said = run(rules);
  ASSERT_EQ(said.gaps.size(), 1U);
  EXPECT_EQ(said.gaps[0].rule, "gap");
  EXPECT_EQ(said.gaps[0].what, "column statistics");
}

TEST(RunRules, TurnsAnExceptionIntoAGapAndGoesOn) {
  const std::array<const Rule*, 2> rules{&throws, &two};
  const Verdict said = run(rules);
  ASSERT_EQ(said.gaps.size(), 1U);
  EXPECT_EQ(said.gaps[0].what, "internal");
  EXPECT_EQ(said.gaps[0].rule, "throws");
  EXPECT_EQ(said.gaps[0].why, "the rule failed: no such thing");
  EXPECT_EQ(said.findings.size(), 2U)
      << "the half answer of the failed rule is dropped, the other rule is kept";
}

TEST(RuleOptionsDeathTest, AbortsOnAnUndeclaredName) {
  EXPECT_DEATH((void)RuleOptions(kOptions).get("max_rows"), "");
}

TEST(RunRulesDeathTest, UndeclaredOptionIsADefect) {
  const std::array<const Rule*, 1> rules{&another};
  EXPECT_DEATH((void)run(rules), "");
}

}  // namespace
}  // namespace planwise
