#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <nlohmann/json.hpp>
#include <string>

#include "rules/rules.h"
#include "tests/server/api/api_fixture.h"
#include "tests/support/http_probe.h"
#include "tests/support/sample_report.h"

namespace planwise::api {
namespace {

using testing::HasSubstr;
using testing::Not;

class OperationsApi : public ApiTest {};

TEST_F(OperationsApi, SaysThatItIsAliveAndWhichVersionItIs) {
  EXPECT_EQ(server.get("/healthz").json["status"], "ok");
  EXPECT_EQ(server.get("/version").json["version"], PLANWISE_VERSION);
}

TEST_F(OperationsApi, SaysWhyItIsNotReady) {
  EXPECT_EQ(server.get("/readyz").status, 200);
  server.clock.advance(std::chrono::minutes(3));  // in which nobody looks at the schedules
  const auto answer = server.get("/readyz");
  ASSERT_EQ(answer.status, 503);
  EXPECT_THAT(answer.json["reasons"][0], HasSubstr("scheduler"));
}

TEST_F(OperationsApi, CountsInPrometheusFormat) {
  const std::string target = server.add_target("sh\"op");
  server.save_audit(target, test::sample_report());
  server.get("/api/v1/targets/" + target);
  const auto metrics = server.get("/metrics");
  EXPECT_THAT(metrics.headers.at("content-type"), HasSubstr("version=0.0.4"));
  EXPECT_THAT(metrics.body, HasSubstr("planwise_target_up{target=\"sh\\\"op\"} 1\n"));
  EXPECT_THAT(
      metrics.body,
      HasSubstr("planwise_http_request_duration_seconds_count{route=\"/api/v1/targets/{id}\",method=\"GET\","
                "code=\"200\"} 1\n"));
  EXPECT_THAT(metrics.body, HasSubstr("planwise_findings{state=\"open\""));
  EXPECT_THAT(metrics.body, HasSubstr("planwise_build_info{version=\"" PLANWISE_VERSION "\"} 1\n"));
  EXPECT_THAT(metrics.body, HasSubstr("process_resident_memory_bytes "));
  EXPECT_THAT(metrics.body, Not(HasSubstr("SELECT")));
}

TEST_F(OperationsApi, DescribesItself) {
  const auto document = server.get("/api/v1/openapi.json");
  EXPECT_EQ(document.json["openapi"], "3.1.0");
  EXPECT_EQ(server.get("/api/v1/openapi.json", {{"If-None-Match", document.headers.at("etag")}}).status, 304);
}

TEST_F(OperationsApi, ListsTheRules) {
  const auto list = server.get("/api/v1/rules");
  EXPECT_EQ(list.json["items"].size(), rules::all().size());
  EXPECT_EQ(server.get("/api/v1/rules/no-such-rule").status, 404);
  if (!list.json["items"].empty()) {
    const std::string id = list.json["items"][0]["id"];
    EXPECT_EQ(server.get("/api/v1/rules/" + id).json, list.json["items"][0]);
    EXPECT_EQ(server.get("/api/v1/rules?limit=1").json["items"].size(), 1U);
  }
}

TEST_F(OperationsApi, GivesEveryAnswerTheHeadersThatProtect) {
  for (const std::string path : {"/healthz", "/api/v1/targets", "/none"}) {
    const auto answer = server.get(path);
    EXPECT_EQ(answer.headers.at("x-content-type-options"), "nosniff") << path;
    EXPECT_THAT(answer.headers.at("content-security-policy"), HasSubstr("default-src 'none'")) << path;
    EXPECT_EQ(answer.headers.at("cache-control"), "no-store") << path;
  }
}

TEST_F(OperationsApi, FindsNothingElse) {
  for (const std::string path : {"/none", "/api/v1", "/api/v2/targets", "/api/v1/targets/1/none"}) {
    const auto answer = server.get(path);
    EXPECT_EQ(answer.status, 404) << path;
    EXPECT_EQ(answer.json["instance"], path);
  }
  EXPECT_EQ(server.get("/api/v1/../v1/targets").status, 400);
}

TEST_F(OperationsApi, StreamsEventsFromTheLastOneSeen) {
  server.bus.publish(
      {.kind = EventKind::kAuditQueued, .audit = {4}, .target = {1}, .target_name = "sh\"op\n"});
  test::HttpProbe follower(server.port());
  follower.send("GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\nLast-Event-ID: 0\r\n\r\n");
  const std::string text = follower.read_until("\n\n");
  server.bus.publish({.kind = EventKind::kFindings, .audit = {4}, .appeared = {"00000000000000a1"}});
  const std::string both = follower.read_until("appeared");
  EXPECT_THAT(
      both,
      HasSubstr(
          "event: audit.queued\ndata: {\"audit_id\":\"4\",\"target_id\":\"1\",\"target\":\"sh\\\"op\\n\""));
  EXPECT_THAT(both, HasSubstr("00000000000000a1"));
}

}  // namespace
}  // namespace planwise::api
