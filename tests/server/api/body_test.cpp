#include "server/api/body.h"

#include <gtest/gtest.h>

#include <string>

namespace planwise::api {
namespace {

BodyReader chunked(std::int64_t limit = 1000) {
  return {RequestHead{.method = Method::kPost, .chunked = true}, limit};
}
BodyReader of_length(std::int64_t length) {
  return {RequestHead{.method = Method::kPost, .content_length = length}, 1000};
}

int status_of(const std::string& bytes, std::int64_t limit = 1000) {
  BodyReader reader = chunked(limit);
  reader.feed(bytes);
  return reader.refusal() ? reader.refusal()->status : 0;
}

TEST(Body, IsDoneAtOnceWhereThereIsNone) {
  EXPECT_TRUE(of_length(0).done());
}

TEST(Body, TakesTheDeclaredLengthAndNoMore) {
  BodyReader reader = of_length(5);
  EXPECT_EQ(reader.feed("abc"), 3U);
  EXPECT_FALSE(reader.done());
  EXPECT_EQ(reader.feed("deGET / "), 2U);
  EXPECT_TRUE(reader.done());
  EXPECT_EQ(std::move(reader).take(), "abcde");
}

TEST(Body, JoinsChunksHoweverTheyArrive) {
  const std::string wire = "3;name=value\r\nabc\r\nA \r\n0123456789\r\n0\r\nTrailer: x\r\n\r\n";
  for (std::size_t step = 1; step <= wire.size(); ++step) {
    BodyReader reader = chunked();
    for (std::size_t at = 0; at < wire.size(); at += step) {
      const std::string piece = wire.substr(at, step);
      EXPECT_EQ(reader.feed(piece), piece.size());
    }
    ASSERT_TRUE(reader.done()) << step;
    EXPECT_EQ(std::move(reader).take(), "abc0123456789");
  }
}

TEST(Body, LeavesWhatFollowsTheLastChunk) {
  BodyReader reader = chunked();
  EXPECT_EQ(reader.feed("0\r\n\r\nGET /"), 5U);
  EXPECT_TRUE(reader.done());
}

TEST(Body, RefusesChunkSizesThatAreNotHexadecimal) {
  for (const std::string line : {"-2", "+2", "0x2", "", " 2", "g", "2 2", "2\r"}) {
    EXPECT_EQ(status_of(line + "\r\nab\r\n0\r\n\r\n"), 400) << line;
  }
  EXPECT_EQ(status_of("2\nab\r\n0\r\n\r\n"), 400);
  EXPECT_EQ(status_of("2\r\nabc\r\n"), 400);
}

TEST(Body, BoundsContentHoweverItIsCut) {
  EXPECT_EQ(status_of("3E8\r\n" + std::string(1000, 'x') + "\r\n0\r\n\r\n"), 0);
  EXPECT_EQ(status_of("3E9\r\n"), 413);
  EXPECT_EQ(status_of("FFFFFFFFFFFFFFFFFFFF\r\n"), 413);
  EXPECT_EQ(status_of("5\r\nabcde\r\n6\r\n", 10), 413);
}

TEST(Body, BoundsLinesAndTrailers) {
  EXPECT_EQ(status_of(std::string(300'000, '0')), 413);
  std::string trailers = "0\r\n";
  for (int i = 0; i < 50'000; ++i) {
    trailers += "X: y\r\n";
  }
  EXPECT_EQ(status_of(trailers), 413);
}

}  // namespace
}  // namespace planwise::api
