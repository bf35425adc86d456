#include "server/api/members.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace planwise::api {
namespace {

using testing::ElementsAre;
using testing::Pair;

int status_of(Members& members) {
  const auto problem = members.problem();
  return problem ? problem->status : 0;
}

TEST(Members, ReadsEveryKind) {
  Members members(
      R"({"name": "shop", "note": null, "on": true, "at": "2026-01-31T12:00:00Z", "labels": {"a": "b"},
                      "budget": {"p95": 5, "share": null}})");
  EXPECT_EQ(members.text("name", 10), "shop");
  EXPECT_EQ(members.text_or_null("note", 10), "");
  EXPECT_EQ(members.text("absent", 10), std::nullopt);
  EXPECT_EQ(members.flag("on"), true);
  EXPECT_TRUE(members.time("at"));
  EXPECT_THAT(*members.labels("labels"), ElementsAre(Pair("a", "b")));
  EXPECT_THAT(*members.numbers("budget", {{"p95", 0, 10}, {"share", 0, 1}}), ElementsAre(Pair("p95", 5)));
  EXPECT_EQ(status_of(members), 0);
}

TEST(Members, RefusesTextThatIsNoJson) {
  const std::string deep(20, '[');
  for (const std::string& body :
       {std::string(), std::string("{"), std::string("{} x"), std::string("{'a': 1}"),
        std::string("{\"a\": \"\xFF\"}"), std::string(R"({"a": 1, "a": 2})"),
        R"({"a": )" + deep + std::string(20, ']') + "}"}) {
    Members members(body);
    EXPECT_EQ(status_of(members), 400) << body;
  }
}

TEST(Members, RefusesAValueThatIsNoObject) {
  for (const std::string body : {"[]", "null", "\"text\"", "1"}) {
    Members members(body);
    EXPECT_EQ(status_of(members), 422) << body;
  }
}

TEST(Members, ListsEverythingThatIsWrong) {
  Members members(
      R"({"name": 1, "long": "abcdef", "nul": "a\u0000b", "on": 1, "at": "noon", "labels": {"a": 1},
                      "budget": {"p95": -1, "else": 1}, "odd": 1})");
  EXPECT_FALSE(members.text("name", 5));
  EXPECT_FALSE(members.text("long", 5));
  EXPECT_FALSE(members.text("nul", 5));
  EXPECT_FALSE(members.flag("on"));
  EXPECT_FALSE(members.time("at"));
  EXPECT_FALSE(members.labels("labels"));
  EXPECT_TRUE(members.numbers("budget", {{"p95", 0, 10}}));
  members.require("dsn");
  const auto problem = members.problem();
  ASSERT_TRUE(problem);
  EXPECT_EQ(problem->status, 422);
  std::vector<std::string> pointers;
  for (const FieldError& error : problem->errors) {
    pointers.push_back(error.pointer);
  }
  EXPECT_THAT(pointers, ElementsAre("/name", "/long", "/nul", "/on", "/at", "/labels", "/budget/else",
                                    "/budget/p95", "/dsn", "/odd"));
}

}  // namespace
}  // namespace planwise::api
