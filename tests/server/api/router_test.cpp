#include "server/api/router.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

namespace planwise::api {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

constexpr std::array kTable{
    Route{.method = Method::kGet, .path = "/", .id = "root"},
    Route{.method = Method::kGet, .path = "/things", .id = "list"},
    Route{.method = Method::kPost, .path = "/things", .id = "add"},
    Route{.method = Method::kGet, .path = "/things/{id}", .id = "get"},
    Route{.method = Method::kGet, .path = "/things/newest", .id = "newest"},
    Route{.method = Method::kGet, .path = "/things/{id}/parts/{part}", .id = "part"},
};

class RouterTest : public testing::Test {
 protected:
  [[nodiscard]] Router::Match find(Method method, const std::vector<std::string>& segments) const {
    return router_.find(method, segments);
  }
  Router router_{kTable};
};

TEST_F(RouterTest, FindsLiteralsBeforeParameters) {
  EXPECT_EQ(find(Method::kGet, {}).route->id, "root");
  EXPECT_EQ(find(Method::kGet, {"things"}).route->id, "list");
  EXPECT_EQ(find(Method::kGet, {"things", "newest"}).route->id, "newest");
  EXPECT_EQ(find(Method::kGet, {"things", "7"}).route->id, "get");
}

TEST_F(RouterTest, CapturesParametersInOrder) {
  EXPECT_THAT(find(Method::kGet, {"things", "7", "parts", "a b"}).captures, ElementsAre("7", "a b"));
  EXPECT_THAT(find(Method::kGet, {"things", "newest", "parts", "x"}).captures, ElementsAre("newest", "x"));
}

TEST_F(RouterTest, AnswersHeadAsGet) {
  EXPECT_EQ(find(Method::kHead, {"things"}).route->id, "list");
}

TEST_F(RouterTest, NamesTheMethodsOfAPath) {
  const auto match = find(Method::kDelete, {"things"});
  EXPECT_EQ(match.route, nullptr);
  EXPECT_THAT(match.allow, UnorderedElementsAre("GET", "HEAD", "POST"));
}

TEST_F(RouterTest, KnowsWhatIsNotThere) {
  for (const std::vector<std::string>& segments :
       {std::vector<std::string>{"thing"}, {"things", "7", "parts"}, {"things", "7", "parts", "a", "b"}}) {
    const auto match = find(Method::kGet, segments);
    EXPECT_EQ(match.route, nullptr);
    EXPECT_THAT(match.allow, IsEmpty());
  }
}

TEST(RouterDeathTest, RefusesTheSameRouteTwice) {
  static constexpr std::array kTwice{Route{.path = "/a/{x}"}, Route{.path = "/a/{y}"}};
  EXPECT_DEATH(Router{kTwice}, "");
}

}  // namespace
}  // namespace planwise::api
