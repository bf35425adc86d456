#include "server/api/request_target.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace planwise::api {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

TEST(RequestTarget, SplitsAndDecodes) {
  const auto target = parse_request_target("/api/v1/r%C3%A9sum%C3%A9?q=a+b%2Bc&empty=&bare");
  ASSERT_TRUE(target);
  EXPECT_EQ(target->path, "/api/v1/r%C3%A9sum%C3%A9");
  EXPECT_THAT(target->segments, ElementsAre("api", "v1", "résumé"));
  EXPECT_THAT(target->query, ElementsAre(Pair("q", "a b+c"), Pair("empty", ""), Pair("bare", "")));
}

TEST(RequestTarget, TakesTheRootAndAnEmptyQuery) {
  EXPECT_THAT(parse_request_target("/")->segments, IsEmpty());
  EXPECT_THAT(parse_request_target("/?")->query, IsEmpty());
  EXPECT_THAT(parse_request_target("/a+b")->segments, ElementsAre("a+b"));
}

TEST(RequestTarget, RefusesWhatTwoProgramsReadInTwoWays) {
  for (const std::string text :
       {"/a%2Fb", "/a%2fb",  "/a%5Cb",  "/a\\b", "/../etc",   "/a/./b", "/%2e%2e/a", "//a",
        "/a//b",  "/a/",     "/a%",     "/a%4",  "/a%zz",     "/a%00",  "/a%0A",     "/%FF",
        "/?q=%",  "/?q=%C3", "/?q=%00", "/?=a",  "/?a=1&a=2", "/?a&&b", "/?a&"}) {
    EXPECT_FALSE(parse_request_target(text)) << text;
  }
}

}  // namespace
}  // namespace planwise::api
