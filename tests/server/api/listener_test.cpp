#include "server/api/listener.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace planwise::api {
namespace {

using testing::HasSubstr;

TEST(Listener, ReadsLoopbackAddresses) {
  const auto v4 = parse_listen_address("127.0.0.1:8080");
  ASSERT_TRUE(v4);
  EXPECT_EQ(v4->host, "127.0.0.1");
  EXPECT_EQ(v4->port, 8080);
  EXPECT_EQ(parse_listen_address("[::1]:0")->host, "::1");
  EXPECT_EQ(parse_listen_address("localhost:1")->host, "127.0.0.1");
  EXPECT_TRUE(parse_listen_address("127.8.9.1:1"));
}

TEST(Listener, RefusesEveryOtherAddressAndSaysWhy) {
  for (const std::string text : {"0.0.0.0:80", "192.168.0.1:80", "[::]:80", "example.com:80", ":80"}) {
    const auto address = parse_listen_address(text);
    ASSERT_FALSE(address) << text;
    EXPECT_THAT(address.error().message, HasSubstr("not loopback"));
    EXPECT_THAT(address.error().hint, HasSubstr("127.0.0.1"));
  }
}

TEST(Listener, RefusesPortsThatAreNone) {
  for (const std::string text :
       {"127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1", "127.0.0.1:8o", ""}) {
    const auto address = parse_listen_address(text);
    ASSERT_FALSE(address) << text;
    EXPECT_THAT(address.error().message, HasSubstr("no valid port"));
  }
}

}  // namespace
}  // namespace planwise::api
