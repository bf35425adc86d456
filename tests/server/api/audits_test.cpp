#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "tests/server/api/api_fixture.h"
#include "tests/support/sample_report.h"

namespace planwise::api {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

class AuditsApi : public ApiTest {};

TEST_F(AuditsApi, StartsAnAuditOnce) {
  const std::string target = server.add_target("shop");
  const auto started = server.ask("POST", "/api/v1/targets/" + target + "/audits");
  ASSERT_EQ(started.status, 202);
  EXPECT_EQ(started.json["state"], "queued");
  EXPECT_EQ(started.json["target_id"], target);
  EXPECT_EQ(started.headers.at("location"), "/api/v1/audits/" + started.json["id"].get<std::string>());
  const auto again = server.ask("POST", "/api/v1/targets/" + target + "/audits");
  EXPECT_EQ(again.status, 202);
  EXPECT_EQ(again.json["id"], started.json["id"]);
  EXPECT_EQ(server.get(started.headers.at("location")).json["id"], started.json["id"]);
}

TEST_F(AuditsApi, StartsNoneOfADisabledOrUnknownTarget) {
  const std::string target = server.add_target("shop");
  EXPECT_EQ(server.ask("PATCH", "/api/v1/targets/" + target, R"({"enabled": false})").status, 200);
  EXPECT_EQ(server.ask("POST", "/api/v1/targets/" + target + "/audits").status, 409);
  EXPECT_EQ(server.ask("POST", "/api/v1/targets/999/audits").status, 404);
  EXPECT_EQ(server.ask("POST", "/api/v1/targets/" + target + "/audits", "{}").status, 400);
}

TEST_F(AuditsApi, CancelsAQueuedAuditOnce) {
  const std::string target = server.add_target("shop");
  const std::string audit =
      server.ask("POST", "/api/v1/targets/" + target + "/audits").headers.at("location");
  const auto cancelled = server.ask("POST", audit + "/cancel");
  EXPECT_EQ(cancelled.status, 202);
  EXPECT_EQ(cancelled.json["state"], "cancelled");
  EXPECT_EQ(server.ask("POST", audit + "/cancel").status, 409);
  EXPECT_EQ(server.ask("POST", "/api/v1/audits/999/cancel").status, 404);
}

TEST_F(AuditsApi, ListsThemNewestFirst) {
  const std::string shop = server.add_target("shop");
  const std::string other = server.add_target("other");
  const std::string done = server.save_audit(shop, test::sample_report());
  server.ask("POST", "/api/v1/targets/" + other + "/audits");
  EXPECT_EQ(server.get("/api/v1/audits").json["items"].size(), 2U);
  EXPECT_EQ(server.get("/api/v1/audits?target=shop").json["items"][0]["id"], done);
  EXPECT_EQ(server.get("/api/v1/audits?target=" + shop).json["items"].size(), 1U);
  EXPECT_EQ(server.get("/api/v1/audits?state=queued").json["items"][0]["target"], "other");
  EXPECT_EQ(server.get("/api/v1/targets/" + shop + "/audits").json["items"][0]["state"], "succeeded");
  EXPECT_EQ(server.get("/api/v1/audits?target=none").status, 400);
  EXPECT_EQ(server.get("/api/v1/targets/999/audits").status, 404);
}

TEST_F(AuditsApi, CountsWhatAnAuditFound) {
  const auto audit =
      server.get("/api/v1/audits/" + server.save_audit(server.add_target("shop"), test::sample_report()));
  EXPECT_EQ(audit.json["state"], "succeeded");
  EXPECT_EQ(audit.json["recommendations"], 2);
  EXPECT_EQ(audit.json["skipped"], 2);
  EXPECT_EQ(audit.json["progress"], 1);
}

TEST_F(AuditsApi, GivesTheReportInEveryForm) {
  const std::string path =
      "/api/v1/audits/" + server.save_audit(server.add_target("shop"), test::sample_report()) + "/report";
  const auto json = server.get(path);
  EXPECT_EQ(json.json["schema"], "planwise.report/1");
  EXPECT_EQ(server.get(path, {{"If-None-Match", json.headers.at("etag")}}).status, 304);
  const auto type_of = [&](const std::string& accept) {
    return server.get(path, {{"Accept", accept}}).headers.at("content-type");
  };
  EXPECT_THAT(type_of("text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"), StartsWith("text/html"));
  EXPECT_THAT(type_of("text/markdown"), StartsWith("text/markdown"));
  EXPECT_THAT(type_of("application/json;q=0.5, application/sarif+json"),
              StartsWith("application/sarif+json"));
  EXPECT_THAT(type_of("*/*"), StartsWith("application/json"));
  EXPECT_EQ(server.get(path, {{"Accept", "image/png"}}).status, 406);
  EXPECT_THAT(server.get(path + "?format=sql").body, HasSubstr("CREATE INDEX"));
  EXPECT_EQ(server.get(path + "?format=pdf").status, 400);
}

TEST_F(AuditsApi, LetsNothingRunInTheHtmlReport) {
  const std::string path = "/api/v1/audits/" +
                           server.save_audit(server.add_target("shop"), test::sample_report()) +
                           "/report?format=html";
  const auto html = server.get(path);
  EXPECT_THAT(html.body, Not(HasSubstr("<script>alert")));
  EXPECT_THAT(html.headers.at("content-security-policy"), HasSubstr("default-src 'none'"));
  EXPECT_THAT(html.headers.at("content-security-policy"), HasSubstr("sandbox"));
  EXPECT_EQ(html.headers.at("x-content-type-options"), "nosniff");
}

TEST_F(AuditsApi, HasNoReportBeforeTheEnd) {
  const std::string audit =
      server.ask("POST", "/api/v1/targets/" + server.add_target("shop") + "/audits").headers.at("location");
  EXPECT_EQ(server.get(audit + "/report").status, 404);
  EXPECT_EQ(server.get("/api/v1/audits/999/report").status, 404);
}

}  // namespace
}  // namespace planwise::api
