#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "tests/server/api/api_fixture.h"
#include "tests/support/sample_report.h"

namespace planwise::api {
namespace {

constexpr std::string_view kList = "/api/v1/statements";
constexpr std::string_view kOrders = "/api/v1/statements/9f3c000000000001";

class StatementsApi : public ApiTest {
 protected:
  void SetUp() override {
    target_ = server.add_target("shop");
    server.save_audit(target_, test::sample_report());
  }
  std::string target_;
};

TEST_F(StatementsApi, AreListedWithoutTheirPlans) {
  const auto list = server.get(std::string(kList));
  ASSERT_EQ(list.json["items"].size(), 2U);
  EXPECT_EQ(list.json["items"][0]["fingerprint"], "9f3c000000000001");
  EXPECT_EQ(list.json["items"][0]["planned"], true);
  EXPECT_EQ(list.json["items"][1]["planned"], false);
  EXPECT_FALSE(list.json["items"][0].contains("plan"));
  EXPECT_EQ(server.get(std::string(kList) + "?sort=-calls").json["items"][0]["fingerprint"],
            "9f3c000000000002");
  EXPECT_EQ(server.get(std::string(kList) + "?q=customer_id").json["items"].size(), 1U);
}

TEST_F(StatementsApi, HaveTheirPlanOneByOne) {
  const auto statement = server.get(std::string(kOrders) + "?target=shop");
  EXPECT_EQ(statement.json["plan"]["kind"], "sort");
  EXPECT_EQ(statement.json["target_id"], target_);
  EXPECT_EQ(server.get(std::string(kOrders), {{"If-None-Match", statement.headers.at("etag")}}).status, 304);
  EXPECT_EQ(server.get(std::string(kList) + "/0000000000000000").status, 404);
  EXPECT_EQ(server.get(std::string(kList) + "/9f3c").status, 404);
}

TEST_F(StatementsApi, HaveAHistory) {
  EXPECT_TRUE(server.get(std::string(kOrders) + "/history").json["items"].is_array());
  EXPECT_EQ(
      server.get(std::string(kOrders) + "/history?from=2026-01-01T00:00:00Z&to=2026-12-01T00:00:00Z").status,
      200);
  EXPECT_EQ(server.get(std::string(kOrders) + "/history?from=yesterday").status, 400);
  EXPECT_EQ(server.get(std::string(kList) + "/0000000000000000/history").status, 404);
}

TEST_F(StatementsApi, RefuseParametersThatTheyDoNotKnow) {
  EXPECT_THAT(server.get(std::string(kList) + "?sort=name&limit=x").error_pointers(),
              testing::ElementsAre("sort", "limit"));
}

}  // namespace
}  // namespace planwise::api
