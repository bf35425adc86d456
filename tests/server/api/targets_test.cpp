#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/server/api/api_fixture.h"

namespace planwise::api {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

constexpr std::string_view kShop =
    R"({"name": "shop", "dsn": "postgres://planwise:hunter2@db1:5433/shop?sslmode=require", "schedule": "*/30 * * * *",
        "labels": {"team": "checkout"}, "budget": {"query_p95_ms": 100, "cache_hit_ratio": null}})";

class TargetsApi : public ApiTest {};

TEST_F(TargetsApi, AddsATargetAndKeepsItsPassword) {
  const auto added = server.ask("POST", "/api/v1/targets", std::string(kShop));
  ASSERT_EQ(added.status, 201);
  EXPECT_EQ(added.headers.at("location"), "/api/v1/targets/" + added.json["id"].get<std::string>());
  EXPECT_THAT(added.body, Not(HasSubstr("hunter2")));
  EXPECT_EQ(added.json["dsn"], "postgres://planwise@db1:5433/shop?sslmode=require");
  EXPECT_EQ(added.json["labels"]["team"], "checkout");
  EXPECT_EQ(added.json["budget"]["query_p95_ms"], 100);
  EXPECT_FALSE(added.json["budget"].contains("cache_hit_ratio"));
  EXPECT_EQ(added.json["state"], "unknown");
  EXPECT_EQ(added.json["next_runs"][0], "2026-03-01T00:30:00Z");
  const auto stored = server.store->target_dsn(TargetId{std::stoll(added.json["id"].get<std::string>())});
  EXPECT_THAT(*stored, HasSubstr("hunter2"));
  EXPECT_EQ(server.get(added.headers.at("location")).json, added.json);
}

TEST_F(TargetsApi, RefusesANameThatIsTaken) {
  EXPECT_EQ(server.ask("POST", "/api/v1/targets", std::string(kShop)).status, 201);
  const auto again = server.ask("POST", "/api/v1/targets", std::string(kShop));
  EXPECT_EQ(again.status, 409);
  EXPECT_THAT(again.json["detail"], HasSubstr("shop"));
}

TEST_F(TargetsApi, ListsEverythingThatIsWrongWithABody) {
  const auto answer =
      server.ask("POST", "/api/v1/targets",
                 R"({"name": " ", "dsn": "host=/tmp", "schedule": "99 * * * *", "labels": [], "odd": 1,
                                     "budget": {"cache_hit_ratio": 2}})");
  EXPECT_EQ(answer.status, 422);
  EXPECT_EQ(answer.json["instance"], "/api/v1/targets");
  EXPECT_THAT(answer.error_pointers(), testing::UnorderedElementsAre("/name", "/dsn", "/schedule", "/labels",
                                                                     "/odd", "/budget/cache_hit_ratio"));
  EXPECT_THAT(server.ask("POST", "/api/v1/targets", "{}").error_pointers(), ElementsAre("/name", "/dsn"));
}

TEST_F(TargetsApi, TellsAMalformedBodyFromWrongContent) {
  EXPECT_EQ(server.ask("POST", "/api/v1/targets", "{").status, 400);
  EXPECT_EQ(server.ask("POST", "/api/v1/targets", "\"\xC3(\"").status, 400);
  EXPECT_EQ(server.ask("POST", "/api/v1/targets", "[]").status, 422);
  EXPECT_EQ(server.ask("POST", "/api/v1/targets", "{}", {{"Content-Type", "text/plain"}}).status, 415);
  EXPECT_EQ(server.ask("POST", "/api/v1/targets", std::string((1 << 20) + 1, ' ')).status, 413);
  EXPECT_EQ(server.ask("POST", "/api/v1/targets").status, 400);
}

TEST_F(TargetsApi, ChangesOnlyWhatIsGiven) {
  const std::string path = server.ask("POST", "/api/v1/targets", std::string(kShop)).headers.at("location");
  const auto changed = server.ask("PATCH", path, R"({"schedule": null, "enabled": false})");
  EXPECT_EQ(changed.status, 200);
  EXPECT_TRUE(changed.json["schedule"].is_null());
  EXPECT_EQ(changed.json["enabled"], false);
  EXPECT_EQ(changed.json["labels"]["team"], "checkout");
  EXPECT_TRUE(changed.json["next_runs"].empty());
  EXPECT_THAT(server.ask("PATCH", path, R"({"name": "other"})").error_pointers(), ElementsAre("/name"));
}

TEST_F(TargetsApi, AnswersAConditionalRequest) {
  const std::string path = server.ask("POST", "/api/v1/targets", std::string(kShop)).headers.at("location");
  const auto first = server.get(path);
  const std::string tag = first.headers.at("etag");
  const auto second = server.get(path, {{"If-None-Match", tag}});
  EXPECT_EQ(second.status, 304);
  EXPECT_EQ(second.body, "");
  EXPECT_EQ(second.headers.at("etag"), tag);
  EXPECT_EQ(second.headers.count("content-length"), 0U);
  EXPECT_EQ(server.ask("PATCH", path, R"({"enabled": false})", {{"If-Match", "\"other\""}}).status, 412);
  EXPECT_EQ(server.ask("PATCH", path, R"({"enabled": false})", {{"If-Match", tag}}).status, 200);
  EXPECT_EQ(server.get(path, {{"If-None-Match", tag}}).status, 200);
}

TEST_F(TargetsApi, RemovesATarget) {
  const std::string path = server.ask("POST", "/api/v1/targets", std::string(kShop)).headers.at("location");
  const auto removed = server.ask("DELETE", path);
  EXPECT_EQ(removed.status, 204);
  EXPECT_EQ(removed.headers.count("content-length"), 0U);
  EXPECT_EQ(server.get(path).status, 404);
  EXPECT_EQ(server.ask("DELETE", path).status, 404);
}

TEST_F(TargetsApi, LeavesTheConfigurationsTargetsAlone) {
  ASSERT_TRUE(server.store->sync_config_targets({{.name = "fixed", .dsn = "host=db1"}}));
  const std::string path =
      "/api/v1/targets/" + server.get("/api/v1/targets").json["items"][0]["id"].get<std::string>();
  EXPECT_EQ(server.ask("PATCH", path, R"({"enabled": false})").status, 409);
  EXPECT_EQ(server.ask("DELETE", path).status, 409);
}

TEST_F(TargetsApi, PagesThroughTheList) {
  for (const std::string name : {"a", "b", "c", "d", "e"}) {
    server.add_target(name);
  }
  std::string names;
  std::string cursor;
  do {
    const auto page = server.get("/api/v1/targets?limit=2" + (cursor.empty() ? "" : "&cursor=" + cursor));
    ASSERT_EQ(page.status, 200);
    for (const auto& item : page.json["items"]) {
      names += item["name"].get<std::string>();
    }
    cursor = page.json["next_cursor"].is_null() ? "" : page.json["next_cursor"].get<std::string>();
  } while (!cursor.empty());
  EXPECT_EQ(names, "abcde");
}

TEST_F(TargetsApi, RefusesParametersThatItDoesNotKnow) {
  EXPECT_THAT(server.get("/api/v1/targets?limit=501&colour=red&state=odd").error_pointers(),
              ElementsAre("limit", "colour", "state"));
  EXPECT_EQ(server.get("/api/v1/targets?cursor=forged").status, 400);
  EXPECT_EQ(server.get("/api/v1/targets?q=a&q=b").status, 400);
  EXPECT_EQ(server.get("/api/v1/targets?q=%zz").status, 400);
  EXPECT_EQ(server.get("/api/v1/targets/abc").status, 404);
  EXPECT_EQ(server.get("/api/v1/targets/999").status, 404);
}

TEST_F(TargetsApi, NamesTheMethodsItHas) {
  const auto answer = server.ask("DELETE", "/api/v1/targets");
  EXPECT_EQ(answer.status, 405);
  EXPECT_EQ(answer.headers.at("allow"), "GET, HEAD, POST");
  EXPECT_EQ(server.ask("OPTIONS", "/api/v1/targets").headers.at("allow"), "GET, HEAD, POST");
  EXPECT_EQ(server.ask("HEAD", "/api/v1/targets").status, 200);
}

TEST_F(TargetsApi, RefusesForeignHostsAndPages) {
  EXPECT_EQ(server.get("/api/v1/targets", {{"Host", "evil.example"}}).status, 421);
  EXPECT_EQ(
      server.ask("POST", "/api/v1/targets", std::string(kShop), {{"Origin", "http://evil.example"}}).status,
      403);
  EXPECT_EQ(server.get("/api/v1/targets").json["items"].size(), 0U);
}

}  // namespace
}  // namespace planwise::api
