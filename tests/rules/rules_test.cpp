// Holds every rule against its cases, its advice against the database it is about, and its page against both.
#include "rules/rules.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>

#include "rules/page.h"
#include "tests/support/case_file.h"
#include "tests/support/ddl.h"
#include "tests/support/read_file.h"

namespace planwise {
namespace {

namespace fs = std::filesystem;

fs::path root() {
  return PLANWISE_SOURCE_DIR;
}

bool updating() {
  return std::getenv("PLANWISE_UPDATE") != nullptr;
}

fs::path case_path(const Rule& rule) {
  return root() / "tests/rules" / fmt::format("{}.md", rule.info.id);
}

fs::path page_path(const Rule& rule) {
  return root() / "rules/docs" / fmt::format("{}.md", rule.info.id);
}

std::string printed_page(const Rule& rule) {
  std::string examples;
  for (const test::Case& one : test::read_cases(case_path(rule))) {
    if (one.example) {
      std::string section = "#" + one.markdown;
      section.replace(section.find(" (example)"), 10, "");
      examples += section + "\n";
    }
  }
  while (examples.ends_with("\n\n")) {
    examples.pop_back();
  }
  return rules::page(rule.info, examples);
}

// Does what the finding says, then asks the rule again.
void expect_cured(const Rule& rule, const std::string& db, const Finding& finding) {
  test::Database database = test::parse_db(db);
  for (const std::string& sql : finding.action.sql) {
    ASSERT_NO_THROW(test::apply_sql(database.snapshot, sql)) << sql;
  }
  const std::array<const Rule*, 1> rules{&rule};
  for (const Finding& left : run_rules(rules, database.analysis()).findings) {
    EXPECT_NE(left.key(), finding.key()) << "still said after its own advice was followed";
  }
}

class RuleCases : public ::testing::TestWithParam<const Rule*> {};

TEST_P(RuleCases, Hold) {
  const Rule& rule = *GetParam();
  std::string text = test::read_file(case_path(rule));
  int speaks = 0;
  int silent = 0;
  int after = 0;
  for (const test::Case& one : test::read_cases(case_path(rule))) {
    SCOPED_TRACE(one.title);
    const test::Database database = test::parse_db(one.db);
    const std::string said = test::said_by(rule, database);
    const std::array<const Rule*, 1> rules{&rule};
    const Verdict verdict = run_rules(rules, database.analysis());
    ++(verdict.findings.empty() ? silent : speaks);
    after += verdict.findings.empty() && one.title.starts_with("After") ? 1 : 0;
    for (const Finding& finding : verdict.findings) {
      if (!finding.action.sql.empty()) {
        expect_cured(rule, one.db, finding);
      }
    }
    if (updating()) {
      const auto at = text.find("```expect\n" + one.expect, text.find("## " + one.title));
      ASSERT_NE(at, std::string::npos) << "no ```expect block";
      text.replace(at + 10, one.expect.size(), said);
    } else {
      EXPECT_EQ(one.expect, said);
    }
  }
  if (updating()) {
    std::ofstream(case_path(rule)) << text;
  }
  EXPECT_GT(speaks, 0) << "no case in which it speaks";
  EXPECT_GT(silent, after) << "no twin: a case nearly the same in which it must be silent";
  EXPECT_GT(after, 0) << "no silent case whose heading starts with After";
}

TEST_P(RuleCases, FindingsAreComplete) {
  const Rule& rule = *GetParam();
  for (const test::Case& one : test::read_cases(case_path(rule))) {
    SCOPED_TRACE(one.title);
    const test::Database database = test::parse_db(one.db);
    const std::array<const Rule*, 1> rules{&rule};
    for (const Finding& finding : run_rules(rules, database.analysis()).findings) {
      EXPECT_FALSE(finding.title.empty());
      EXPECT_EQ(finding.title.find('\n'), std::string::npos);
      EXPECT_FALSE(finding.title.ends_with('.')) << "a title is no sentence";
      EXPECT_TRUE(finding.why.ends_with('.')) << finding.why;
      EXPECT_FALSE(finding.objects.empty());
      EXPECT_FALSE(finding.evidence.empty());
      EXPECT_FALSE(finding.action.text.empty());
      EXPECT_EQ(finding.action.kind == ActionKind::kSql,
                !finding.action.sql.empty() && finding.action.kind != ActionKind::kConfiguration);
      for (const Evidence& evidence : finding.evidence) {
        EXPECT_FALSE(evidence.text.empty());
        EXPECT_FALSE(evidence.metric.empty());
      }
    }
  }
}

TEST_P(RuleCases, PageIsUpToDate) {
  const Rule& rule = *GetParam();
  if (updating()) {
    std::ofstream(page_path(rule)) << printed_page(rule);
  }
  EXPECT_EQ(test::read_file(page_path(rule)), printed_page(rule))
      << "run with PLANWISE_UPDATE=1 and read the diff";
}

TEST_P(RuleCases, TextsAreFilledIn) {
  const Rule& rule = *GetParam();
  for (const std::string_view text :
       {rule.info.title, rule.info.what, rule.info.why, rule.info.fix, rule.info.quiet}) {
    EXPECT_FALSE(text.empty());
  }
  for (const Option& option : rule.info.options) {
    EXPECT_NE(rule.info.what.find("`" + std::string(option.name) + "`"), std::string_view::npos)
        << "the page does not say what " << option.name << " decides";
  }
  EXPECT_FALSE(rule.info.references.empty());
  EXPECT_NE(rule.check, nullptr);
}

// An empty database, and one that nobody can see into, must not make a rule speak or fail.
TEST_P(RuleCases, SaysNothingAboutNothing) {
  const std::array<const Rule*, 1> rules{GetParam()};
  test::Database database;
  database.snapshot.server.extensions["pg_stat_statements"] = Version{1, 10, 0};
  const Verdict verdict = run_rules(rules, database.analysis());
  EXPECT_TRUE(verdict.findings.empty());
  for (const Gap& gap : verdict.gaps) {
    EXPECT_NE(gap.what, "internal") << gap.why;
  }
}

INSTANTIATE_TEST_SUITE_P(All, RuleCases, ::testing::ValuesIn(rules::all().begin(), rules::all().end()),
                         [](const auto& instance) {
                           std::string name(instance.param->info.id);
                           std::ranges::replace(name, '-', '_');
                           return name;
                         });

TEST(RuleList, EqualsTheFolder) {
  std::set<std::string> listed;
  for (const Rule* rule : rules::all()) {
    std::string file(rule->info.id);
    std::ranges::replace(file, '-', '_');
    EXPECT_TRUE(listed.insert(file).second) << rule->info.id << " twice";
  }
  std::set<std::string> present;
  for (const auto& entry : fs::directory_iterator(root() / "rules")) {
    const bool has_header = fs::exists(fs::path(entry.path()).replace_extension(".h"));
    if (entry.path().extension() == ".cpp" && !has_header && entry.path().stem() != "plan_views") {
      present.insert(entry.path().stem());
    }
  }
  EXPECT_EQ(listed, present);
}

TEST(RuleList, IsInAlphabeticalOrder) {
  EXPECT_TRUE(std::ranges::is_sorted(rules::all(), {}, [](const Rule* rule) { return rule->info.id; }));
}

}  // namespace
}  // namespace planwise
