#include "server/api/assets.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <string>

namespace planwise::api {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Pair;

constexpr std::array kAssets{
    Asset{"/assets/app-1a2b.js", "text/javascript", "aa11", "plain script", "gzip script", "brotli script"},
    Asset{"/index.html", "text/html; charset=utf-8", "bb22", "plain page", "gzip page", "brotli page"},
    Asset{"/mark.svg", "image/svg+xml", "cc33", "plain mark", "", ""}};

std::optional<Reply> ask(std::string_view path, std::vector<std::pair<std::string, std::string>> fields = {},
                         Method method = Method::kGet) {
  return asset_reply(kAssets, Exchange{.head = {.method = method, .fields = std::move(fields)}}, path);
}

TEST(Assets, ChoosesTheCodingThatTheClientTakes) {
  const auto coded = [](const std::string& accept) {
    return ask("/index.html", {{"accept-encoding", accept}})->body;
  };
  EXPECT_EQ(coded("gzip, deflate, br"), "brotli page");
  EXPECT_EQ(coded("gzip"), "gzip page");
  EXPECT_EQ(coded("br;q=0, gzip;q=0.5"), "gzip page");
  EXPECT_EQ(coded("gzip;q=0"), "plain page");
  EXPECT_EQ(coded("xbr, gzipped"), "plain page");
  EXPECT_EQ(ask("/index.html")->body, "plain page");
  EXPECT_THAT(ask("/index.html", {{"accept-encoding", "br"}})->headers,
              Contains(Pair("Content-Encoding", "br")));
  EXPECT_EQ(ask("/mark.svg", {{"accept-encoding", "br"}})->body, "plain mark");
}

TEST(Assets, SaysHowLongAFileMayBeKept) {
  EXPECT_THAT(ask("/assets/app-1a2b.js")->headers, Contains(Pair("Cache-Control", HasSubstr("immutable"))));
  EXPECT_THAT(ask("/")->headers, Contains(Pair("Cache-Control", "no-cache")));
  EXPECT_THAT(ask("/")->headers, Contains(Pair("Vary", "Accept-Encoding")));
  EXPECT_THAT(ask("/")->headers,
              Contains(Pair("Content-Security-Policy", HasSubstr("require-trusted-types-for"))));
}

TEST(Assets, AnswersAKnownTagWithoutABody) {
  const auto reply = ask("/", {{"accept-encoding", "br"}, {"if-none-match", "\"bb22-br\""}});
  EXPECT_EQ(reply->status, 304);
  EXPECT_EQ(reply->body, "");
  EXPECT_EQ(ask("/", {{"if-none-match", "\"bb22-br\""}})->status, 200);  // another coding is another text
}

TEST(Assets, ShowsThePageForEveryPathOfItsOwn) {
  EXPECT_EQ(ask("/recommendations/1", {{"accept", "text/html,*/*"}})->body, "plain page");
  EXPECT_FALSE(ask("/recommendations/1", {{"accept", "application/json"}}));
  EXPECT_FALSE(ask("/assets/gone.js", {{"accept", "text/html"}}));
  EXPECT_FALSE(ask("/api/v1/none", {{"accept", "text/html"}}));
  EXPECT_FALSE(ask("/", {}, Method::kPost));
}

}  // namespace
}  // namespace planwise::api
