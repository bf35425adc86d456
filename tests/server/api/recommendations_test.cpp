#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "server/report/json.h"
#include "tests/server/api/api_fixture.h"
#include "tests/support/sample_report.h"

namespace planwise::api {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::string_view kList = "/api/v1/recommendations";
constexpr std::string_view kFirst = "/api/v1/recommendations/00000000000000a1";

class RecommendationsApi : public ApiTest {
 protected:
  void SetUp() override {
    target_ = server.add_target("shop");
    audit_ = server.save_audit(target_, test::sample_report());
  }

  std::vector<std::string> ids(const std::string& query) {
    std::vector<std::string> out;
    const ApiAnswer list = server.get(std::string(kList) + query);
    for (const auto& item : list.json.at("items")) {
      out.push_back(item["id"]);
    }
    return out;
  }

  std::string target_;
  std::string audit_;
};

TEST_F(RecommendationsApi, AreTheReportsWithWhatIsKnownOverTime) {
  const auto list = server.get(std::string(kList));
  ASSERT_EQ(list.json["items"].size(), 2U);
  const auto& first = list.json["items"][0];
  EXPECT_EQ(first["id"], "00000000000000a1");
  EXPECT_EQ(first["target_id"], target_);
  EXPECT_EQ(first["audit_id"], audit_);
  EXPECT_EQ(first["first_seen_at"], "2026-03-01T00:00:00Z");
  EXPECT_TRUE(first["snoozed_until"].is_null());
  EXPECT_FALSE(first["action"]["sql"].empty());
  EXPECT_EQ(server.get(std::string(kFirst)).json, first);
}

TEST_F(RecommendationsApi, KeepTheReportsMembersAndOrderEvenWhereTheirTextLooksLikeOne) {
  AuditReport report = test::sample_report();
  report.recommendations[0].finding.title = "a \"status\": \"open\", } of \\ \xc3\xa9";
  const std::string other = server.add_target("other");
  server.save_audit(other, report);
  server.ask("PATCH", std::string(kFirst), R"({"status": "applied"})");
  const auto answer = server.get(std::string(kFirst));
  auto expected = recommendation_json(report.recommendations[0], report);
  expected["status"] = "applied";
  for (const auto* name : {"target_id", "target", "audit_id", "first_seen_at", "last_seen_at",
                           "snoozed_until", "note", "current"}) {
    expected[name] = answer.json.at(name);
  }
  EXPECT_EQ(answer.body, expected.dump());
}

TEST_F(RecommendationsApi, AreFilteredAndSorted) {
  EXPECT_THAT(ids("?rule=missing-index"), ElementsAre("00000000000000a1"));
  EXPECT_THAT(ids("?rule=no-such-rule"), IsEmpty());
  EXPECT_THAT(ids("?target=shop&limit=1"), ElementsAre("00000000000000a1"));
  EXPECT_THAT(ids("?target=" + target_ + "&sort=-impact"), testing::SizeIs(2));
  EXPECT_THAT(ids("?status=dismissed,snoozed"), IsEmpty());
  EXPECT_THAT(ids("?status=open"), testing::SizeIs(2));
  const auto down = ids("?sort=-severity");
  const auto up = ids("?sort=severity");
  EXPECT_THAT(up, ElementsAre(down[1], down[0]));
}

TEST_F(RecommendationsApi, RefuseParametersThatTheyDoNotKnow) {
  const auto answer =
      server.get(std::string(kList) + "?severity=fatal&status=open,odd&sort=-name&limit=0&page=2&history=1");
  EXPECT_EQ(answer.status, 400);
  EXPECT_THAT(answer.error_pointers(), ElementsAre("severity", "status", "sort", "limit", "page", "history"));
  EXPECT_EQ(server.get(std::string(kList) + "?target=none").status, 400);
  EXPECT_EQ(server.get(std::string(kList) + "/xyz").status, 404);
  EXPECT_EQ(server.get(std::string(kList) + "/ffffffffffffffff").status, 404);
}

TEST_F(RecommendationsApi, KeepWhatPeopleDecide) {
  const auto dismissed =
      server.ask("PATCH", std::string(kFirst), R"({"status": "dismissed", "note": "we know <b>it</b>"})");
  EXPECT_EQ(dismissed.status, 200);
  EXPECT_EQ(dismissed.json["status"], "dismissed");
  EXPECT_EQ(dismissed.json["note"], "we know <b>it</b>");
  EXPECT_THAT(ids(""), ElementsAre("00000000000000a2"));
  EXPECT_THAT(ids("?status=dismissed"), ElementsAre("00000000000000a1"));
  server.save_audit(target_, test::sample_report());
  EXPECT_THAT(ids(""), ElementsAre("00000000000000a2"));
  EXPECT_EQ(server.ask("PATCH", std::string(kFirst), R"({"status": "open", "note": null})").json["note"], "");
  EXPECT_THAT(ids(""), testing::SizeIs(2));
}

TEST_F(RecommendationsApi, SleepUntilTheTimeTold) {
  const auto snoozed = server.ask("PATCH", std::string(kFirst),
                                  R"({"status": "snoozed", "snoozed_until": "2026-03-02T01:00:00+01:00"})");
  EXPECT_EQ(snoozed.json["snoozed_until"], "2026-03-02T00:00:00Z");
  EXPECT_THAT(ids(""), ElementsAre("00000000000000a2"));
  server.clock.advance(std::chrono::hours(25));
  EXPECT_THAT(ids(""), testing::SizeIs(2));
}

TEST_F(RecommendationsApi, RefuseDecisionsThatMakeNoSense) {
  const auto pointers = [&](const std::string& body) {
    const auto answer = server.ask("PATCH", std::string(kFirst), body);
    EXPECT_EQ(answer.status, 422) << body;
    return answer.error_pointers();
  };
  EXPECT_THAT(pointers(R"({"status": "verified"})"), ElementsAre("/status"));
  EXPECT_THAT(pointers(R"({"status": "gone"})"), ElementsAre("/status"));
  EXPECT_THAT(pointers(R"({"status": "snoozed"})"), ElementsAre("/snoozed_until"));
  EXPECT_THAT(pointers(R"({"status": "snoozed", "snoozed_until": "2026-02-01T00:00:00Z"})"),
              ElementsAre("/snoozed_until"));
  EXPECT_THAT(pointers(R"({"status": "open", "snoozed_until": "2026-04-01T00:00:00Z"})"),
              ElementsAre("/snoozed_until"));
  EXPECT_THAT(pointers(R"({"status": 1, "note": [], "rank": 1})"), ElementsAre("/status", "/note", "/rank"));
  EXPECT_THAT(pointers(R"({"note": ")" + std::string(4001, 'x') + "\"}"), ElementsAre("/note"));
  EXPECT_EQ(server.ask("PATCH", std::string(kFirst), "{").status, 400);
  EXPECT_EQ(server.ask("PATCH", std::string(kList) + "/ffffffffffffffff", "{}").status, 404);
  EXPECT_EQ(server.get(std::string(kFirst)).json["status"], "open");
}

TEST_F(RecommendationsApi, HaveATagThatChangesWithThem) {
  const std::string tag = server.get(std::string(kFirst)).headers.at("etag");
  EXPECT_EQ(server.get(std::string(kFirst), {{"If-None-Match", "\"x\", " + tag}}).status, 304);
  EXPECT_EQ(server.ask("PATCH", std::string(kFirst), R"({"note": "x"})", {{"If-Match", tag}}).status, 200);
  EXPECT_EQ(server.ask("PATCH", std::string(kFirst), R"({"note": "y"})", {{"If-Match", tag}}).status, 412);
}

}  // namespace
}  // namespace planwise::api
