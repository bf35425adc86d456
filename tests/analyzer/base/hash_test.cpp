#include "analyzer/base/hash.h"

#include <gtest/gtest.h>

namespace planwise {
namespace {

TEST(Hash, IsTheSameInEveryBuild) {
  EXPECT_EQ(hex16(hash64("")), "ef46db3751d8e999");  // XXH64 of nothing, seed 0: the specification's own value
  EXPECT_NE(hash64("a"), hash64("a", 1));
}

TEST(Hash, HexRoundTrips) {
  EXPECT_EQ(parse_hex16(hex16(0x00ab00000000cdefULL)), 0x00ab00000000cdefULL);
  EXPECT_EQ(parse_hex16("ab"), std::nullopt);
  EXPECT_EQ(parse_hex16("zzzzzzzzzzzzzzzz"), std::nullopt);
  EXPECT_EQ(parse_hex16("-123456789abcdef"), std::nullopt);
}

}  // namespace
}  // namespace planwise
