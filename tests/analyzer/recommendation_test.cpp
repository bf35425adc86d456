#include "analyzer/recommendation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace planwise {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

Finding finding(std::string rule, std::string subject, std::vector<std::string> sql) {
  Finding made;
  made.rule = std::move(rule);
  made.subject = std::move(subject);
  made.severity = Severity::kWarning;
  made.action.kind = sql.empty() ? ActionKind::kApplication : ActionKind::kSql;
  made.action.sql = std::move(sql);
  return made;
}

Finding saving(const std::string& rule, double ms_per_hour, Severity severity = Severity::kWarning) {
  Finding made = finding(rule, "table:" + rule, {"ANALYZE " + rule});
  made.severity = severity;
  made.impact.time_saved_per_hour = Millis{ms_per_hour};
  return made;
}

std::vector<std::string> rules_of(const std::vector<Recommendation>& recommendations) {
  std::vector<std::string> rules;
  for (const Recommendation& recommendation : recommendations) {
    rules.push_back(recommendation.finding.rule);
  }
  return rules;
}

TEST(Recommend, MostSpecificRuleSpeaksForAnEqualAction) {
  const auto made =
      recommend({finding("missing-fk-index", "constraint:a",
                         {"CREATE INDEX CONCURRENTLY fk_idx ON public.orders (customer_id)"}),
                 finding("sort-without-index", "statement:1",
                         {"CREATE INDEX  CONCURRENTLY o_idx ON public.orders (customer_id);"}),
                 finding("missing-index", "index:b",
                         {"CREATE INDEX CONCURRENTLY \"Orders ON x\" ON public.orders (customer_id)"})},
                "shop");
  ASSERT_EQ(made.size(), 1U);
  EXPECT_EQ(made[0].finding.rule, "missing-index");
  EXPECT_THAT(made[0].also, ElementsAre("missing-fk-index", "sort-without-index"));
}

TEST(Recommend, KeepsActionsApartThatDifferInMoreThanTheName) {
  const auto made = recommend(
      {finding("missing-index", "index:a", {"CREATE INDEX CONCURRENTLY x ON public.orders (customer_id)"}),
       finding("missing-index", "index:b",
               {"CREATE UNIQUE INDEX CONCURRENTLY x ON public.orders (customer_id)"}),
       finding("missing-index", "index:c",
               {"CREATE INDEX CONCURRENTLY x ON public.orders (customer_id DESC)"}),
       finding("missing-index", "index:d",
               {"CREATE INDEX CONCURRENTLY x ON public.\"Orders\" (customer_id)"})},
      "shop");
  EXPECT_EQ(made.size(), 4U);
}

TEST(Recommend, FoldsAnActionIntoTheOneThatContainsIt) {
  const auto made =
      recommend({finding("unused-index", "index:old", {"DROP INDEX CONCURRENTLY public.old_idx"}),
                 finding("missing-index", "index:new",
                         {"CREATE INDEX CONCURRENTLY new_idx ON public.orders (a, b)",
                          "DROP INDEX CONCURRENTLY public.old_idx"})},
                "shop");
  ASSERT_EQ(made.size(), 1U);
  EXPECT_EQ(made[0].finding.rule, "missing-index");
  EXPECT_THAT(made[0].also, ElementsAre("unused-index"));
}

TEST(Recommend, KeepsTwoRewritesOfOneStatementApart) {
  Finding paging = finding("deep-offset", "statement:1", {});
  paging.objects = {{ObjectKind::kTable, "public.orders"}};
  paging.action.text = "Use keyset pagination.";
  Finding nulls = paging;
  nulls.rule = "not-in-nullable";
  nulls.action.text = "Use NOT EXISTS.";
  EXPECT_EQ(recommend({paging, nulls}, "shop").size(), 2U);
}

TEST(Recommend, MergesInvestigationsOfTheSameObjects) {
  Finding dominant = finding("dominant-statement", "statement:1", {});
  dominant.action.kind = ActionKind::kInvestigate;
  dominant.action.text = "Start here.";
  dominant.objects = {{ObjectKind::kStatement, "0000000000000001"}};
  Finding scan = dominant;
  scan.rule = "seq-scan";
  scan.action.text = "No index would help.";
  const auto made = recommend({dominant, scan}, "shop");
  ASSERT_EQ(made.size(), 1U);
  EXPECT_EQ(made[0].finding.rule, "seq-scan");
  EXPECT_THAT(made[0].also, ElementsAre("dominant-statement"));
}

TEST(Recommend, CollectsStatementsAndSeverityOfWhatItMerges) {
  Finding strong = finding("missing-index", "index:a", {"CREATE INDEX a ON t (x)"});
  strong.statements = {{.id = {1}}};
  Finding weak = finding("seq-scan", "statement:2", {"CREATE INDEX b ON t (x)"});
  weak.severity = Severity::kCritical;
  weak.statements = {{.id = {2}}, {.id = {1}}};
  const auto made = recommend({strong, weak}, "shop");
  ASSERT_EQ(made.size(), 1U);
  EXPECT_EQ(made[0].finding.severity, Severity::kCritical);
  ASSERT_EQ(made[0].finding.statements.size(), 2U);
  EXPECT_EQ(made[0].finding.statements[1].id, StatementId{2});
}

TEST(Recommend, RanksCriticalFirstThenTimeSavedThenSeverity) {
  Finding plain = finding("plain", "table:plain", {"ANALYZE p"});
  plain.severity = Severity::kInfo;
  Finding grave = finding("grave", "table:grave", {"ANALYZE g"});
  const auto made =
      recommend({plain, grave, saving("little", 10, Severity::kWarning),
                 saving("much", 5000, Severity::kInfo), saving("danger", 1, Severity::kCritical)},
                "shop");
  EXPECT_THAT(rules_of(made), ElementsAre("danger", "much", "little", "grave", "plain"));
  EXPECT_EQ(made.front().rank, 1);
  EXPECT_EQ(made.back().rank, 5);
}

TEST(Recommend, RankDoesNotDependOnTheOrderOfFindings) {
  const std::vector<Finding> forward{saving("a", 10), saving("b", 10), saving("c", 20)};
  const std::vector<Finding> backward{forward.rbegin(), forward.rend()};
  EXPECT_EQ(rules_of(recommend(forward, "shop")), rules_of(recommend(backward, "shop")));
}

TEST(Recommend, IdLastsAcrossAuditsAndDiffersByTarget) {
  Finding now = finding("unused-index", "index:public.a", {"DROP INDEX CONCURRENTLY public.a"});
  const std::string id = recommend({now}, "shop").front().id;
  now.title = "Drop public.a";
  now.impact.time_saved_per_hour = Millis{7};
  EXPECT_EQ(recommend({now, saving("other", 9)}, "shop").back().id, id);
  EXPECT_EQ(id.size(), 16U);
  EXPECT_NE(recommend({now}, "billing").front().id, id);
}

TEST(Recommend, GivesEveryRecommendationAnIdOfItsOwn) {
  const auto made = recommend(
      {finding("seq-scan", "statement:1", {"ANALYZE a"}), finding("seq-scan", "statement:1", {"ANALYZE b"})},
      "shop");
  ASSERT_EQ(made.size(), 2U);
  EXPECT_NE(made[0].id, made[1].id);
}

TEST(Recommend, TakesTheHorizonFromEffortAndTheSizeOfTheBuild) {
  Finding quick = finding("a", "index:a", {"CREATE INDEX a ON t (x)"});
  quick.impact.index_size = Bytes{1 << 20};
  Finding large = finding("b", "index:b", {"CREATE INDEX b ON t (y)"});
  large.impact.index_size = Bytes{std::int64_t{50} << 30};
  Finding rewrite = finding("c", "statement:c", {"ANALYZE c"});
  rewrite.action.effort = Effort::kHigh;
  const auto made = recommend({quick, large, rewrite}, "shop");
  ASSERT_EQ(made.size(), 3U);
  EXPECT_EQ(made[0].horizon, Horizon::kQuickWin);
  EXPECT_EQ(made[1].horizon, Horizon::kMediumTerm);
  EXPECT_EQ(made[2].horizon, Horizon::kStrategic);
}

TEST(Recommend, OfNothingIsNothing) {
  EXPECT_THAT(recommend({}, "shop"), IsEmpty());
}

TEST(RecommendationStatusWords, AreReadAsTheyAreWritten) {
  for (const auto status : {RecommendationStatus::kOpen, RecommendationStatus::kSnoozed,
                            RecommendationStatus::kDismissed, RecommendationStatus::kApplied,
                            RecommendationStatus::kVerified, RecommendationStatus::kIneffective}) {
    EXPECT_EQ(parse_recommendation_status(to_string(status)), status);
  }
  EXPECT_EQ(parse_recommendation_status("done"), std::nullopt);
}

}  // namespace
}  // namespace planwise
