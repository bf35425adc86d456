#include "server/api/head.h"

#include <gtest/gtest.h>

#include <string>

namespace planwise::api {
namespace {

// The status a head is refused with; 0 where it is accepted.
int status_of(const std::string& head, const HeadPolicy& policy = {}) {
  const auto vetted = vet_head(head, policy);
  const auto* refusal = std::get_if<Refusal>(&vetted);
  return refusal == nullptr ? 0 : refusal->status;
}

RequestHead accepted(const std::string& head) {
  auto vetted = vet_head(head, {});
  auto* parsed = std::get_if<RequestHead>(&vetted);
  EXPECT_NE(parsed, nullptr) << head;
  return parsed == nullptr ? RequestHead{} : std::move(*parsed);
}

// A head with these lines after a valid request line and Host.
std::string get(const std::string& lines) {
  return "GET / HTTP/1.1\r\nHost: localhost\r\n" + lines + "\r\n";
}
std::string post(const std::string& lines) {
  return "POST / HTTP/1.1\r\nHost: localhost:8080\r\nContent-Type: application/json\r\n" + lines + "\r\n";
}

TEST(Head, ReadsMethodTargetAndFields) {
  const RequestHead head = accepted(
      "PATCH /a%20b?c=d HTTP/1.1\r\nHOST:  127.0.0.1:8080 \r\nX-One: a, b\r\n"
      "Content-Type: application/json; charset=utf-8\r\nContent-Length: 12\r\n\r\n");
  EXPECT_EQ(head.method, Method::kPatch);
  EXPECT_EQ(head.target, "/a%20b?c=d");
  EXPECT_EQ(head.field("host"), "127.0.0.1:8080");
  EXPECT_EQ(head.field("x-one"), "a, b");
  EXPECT_EQ(head.field("x-two"), "");
  EXPECT_EQ(head.content_length, 12);
  EXPECT_TRUE(head.has_body());
  EXPECT_TRUE(head.keep_alive);
}

TEST(Head, KeepsTheConnectionAsTheVersionHasIt) {
  EXPECT_FALSE(accepted(get("Connection: Upgrade, CLOSE\r\n")).keep_alive);
  EXPECT_FALSE(accepted("GET / HTTP/1.0\r\n\r\n").keep_alive);
  EXPECT_TRUE(accepted("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n").keep_alive);
}

TEST(Head, RefusesBrokenRequestLines) {
  for (const std::string line :
       {"GET /", "GET  / HTTP/1.1", "GET / HTTP/1.1 ", " GET / HTTP/1.1", "G(T / HTTP/1.1", "GET / http/1.1",
        "GET / HTTP/11.", "GET / a HTTP/1.1", "GET a HTTP/1.1", "GET http://localhost/ HTTP/1.1",
        "GET /#a HTTP/1.1", "GET /\t HTTP/1.1", "GET /\xC3\xA9 HTTP/1.1", "OPTIONS * HTTP/1.1", ""}) {
    EXPECT_EQ(status_of(line + "\r\nHost: localhost\r\n\r\n"), line == "GET / HTTP/11." ? 505 : 400) << line;
  }
  EXPECT_EQ(status_of("BREW / HTTP/1.1\r\nHost: localhost\r\n\r\n"), 501);
  EXPECT_EQ(status_of("TRACE / HTTP/1.1\r\nHost: localhost\r\n\r\n"), 501);
  EXPECT_EQ(status_of("GET / HTTP/2.0\r\nHost: localhost\r\n\r\n"), 505);
}

TEST(Head, RefusesLineEndsThatTwoParsersReadTwoWays) {
  EXPECT_EQ(status_of("GET / HTTP/1.1\nHost: localhost\r\n\r\n"), 400);
  EXPECT_EQ(status_of("GET / HTTP/1.1\r\nHost: localhost\nX: y\r\n\r\n"), 400);
  EXPECT_EQ(status_of("GET / HTTP/1.1\r\nHost: localhost\rX: y\r\n\r\n"), 400);
  EXPECT_EQ(status_of("GET / HTTP/1.1\r\nHost: localhost\r\n"), 400);
  EXPECT_EQ(status_of("GET / HTTP/1.1\r\nHost: localhost\r\n\r\nX: y\r\n\r\n"), 400);
}

TEST(Head, RefusesFieldsThatAreNotFields) {
  for (const std::string line :
       {"NoColon", ": value", "Name : value", " folded", "\tfolded", "Na\x01me: v"}) {
    EXPECT_EQ(status_of(get(line + "\r\n")), 400) << line;
  }
  EXPECT_EQ(status_of(get(std::string("X: a\0b\r\n", 8))), 400);
  EXPECT_EQ(status_of(get("X: a\x7F\r\n")), 400);
}

TEST(Head, BoundsEverything) {
  std::string fields;
  for (int i = 0; i < 99; ++i) {
    fields += "X: y\r\n";
  }
  EXPECT_EQ(status_of(get(fields)), 0);
  EXPECT_EQ(status_of(get(fields + "X: y\r\n")), 431);
  EXPECT_EQ(status_of(get("X: " + std::string(17'000, 'y') + "\r\n")), 431);
  EXPECT_EQ(status_of("GET /" + std::string(4096, 'a') + " HTTP/1.1\r\nHost: localhost\r\n\r\n"), 414);
}

TEST(Head, RefusesEveryDoubtAboutTheBodysLength) {
  EXPECT_EQ(status_of(post("Content-Length: 3\r\nContent-Length: 3\r\n")), 400);
  EXPECT_EQ(status_of(post("Content-Length: 3\r\nTransfer-Encoding: chunked\r\n")), 400);
  EXPECT_EQ(status_of(post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n")), 400);
  EXPECT_EQ(status_of(post("Transfer-Encoding: gzip, chunked\r\n")), 501);
  EXPECT_EQ(status_of(post("Transfer-Encoding: xchunked\r\n")), 501);
  EXPECT_EQ(status_of("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n"), 400);
  for (const std::string length : {"", "-1", "+1", "1,1", "0x10", "1 1", "1e3"}) {
    EXPECT_EQ(status_of(post("Content-Length: " + length + "\r\n")), 400) << length;
  }
  EXPECT_EQ(status_of(post("Content-Length: 1048576\r\n")), 0);
  EXPECT_EQ(status_of(post("Content-Length: 1048577\r\n")), 413);
  EXPECT_EQ(status_of(post("Content-Length: 99999999999999999999999\r\n")), 413);
}

TEST(Head, RefusesBodiesWhereThereAreNone) {
  EXPECT_EQ(status_of(get("Content-Length: 0\r\n")), 0);
  EXPECT_EQ(status_of(get("Content-Length: 1\r\n")), 400);
  EXPECT_EQ(status_of(get("Transfer-Encoding: chunked\r\n")), 400);
}

TEST(Head, TakesOnlyPlainJson) {
  const std::string line = "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n";
  EXPECT_EQ(status_of(line + "\r\n"), 415);
  EXPECT_EQ(status_of(line + "Content-Type: text/plain\r\n\r\n"), 415);
  EXPECT_EQ(status_of(line + "Content-Type: application/x-www-form-urlencoded\r\n\r\n"), 415);
  EXPECT_EQ(status_of(line + "Content-Type: APPLICATION/JSON\r\n\r\n"), 0);
  EXPECT_EQ(status_of(post("Content-Length: 2\r\nContent-Encoding: gzip\r\n")), 415);
  EXPECT_EQ(status_of(post("Content-Length: 2\r\nContent-Encoding: identity\r\n")), 0);
}

TEST(Head, KnowsOneExpectation) {
  EXPECT_TRUE(accepted(post("Content-Length: 2\r\nExpect: 100-Continue\r\n")).expects_continue);
  EXPECT_FALSE(accepted(post("Expect: 100-continue\r\n")).expects_continue);
  EXPECT_EQ(status_of(post("Content-Length: 2\r\nExpect: payment\r\n")), 417);
}

TEST(Head, AnswersOnlyForItsOwnHost) {
  const auto with_host = [](const std::string& host) { return "GET / HTTP/1.1\r\n" + host + "\r\n"; };
  for (const std::string host :
       {"localhost", "LOCALHOST:1", "127.0.0.1:8080", "[::1]", "[::1]:8080", "localhost:"}) {
    EXPECT_EQ(status_of(with_host("Host: " + host + "\r\n")), 0) << host;
  }
  for (const std::string host : {"evil.example", "evil.example:8080", "127.0.0.1.evil.example",
                                 "localhost:80x", "user@localhost", "[::1", "", "192.168.0.1"}) {
    EXPECT_EQ(status_of(with_host("Host: " + host + "\r\n")), 421) << host;
  }
  EXPECT_EQ(status_of(with_host("")), 400);
  EXPECT_EQ(status_of(with_host("Host: localhost\r\nHost: localhost\r\n")), 400);
}

TEST(Head, LetsOnlyItsOwnPagesChangeThings) {
  EXPECT_EQ(status_of(post("Origin: http://localhost:8080\r\n")), 0);
  EXPECT_EQ(status_of(post("Origin: https://localhost:8080\r\n")), 0);
  EXPECT_EQ(status_of(post("Sec-Fetch-Site: same-origin\r\n")), 0);
  for (const std::string line : {"Origin: http://localhost:3000", "Origin: http://evil.example",
                                 "Origin: null", "Origin: ", "Origin: ftp://localhost:8080",
                                 "Sec-Fetch-Site: cross-site", "Sec-Fetch-Site: same-site"}) {
    EXPECT_EQ(status_of(post(line + "\r\n")), 403) << line;
  }
  EXPECT_EQ(status_of(get("Origin: http://evil.example\r\nSec-Fetch-Site: cross-site\r\n")), 0);
}

TEST(Head, RefusesTheEnginesOwnFields) {
  for (const std::string name : {"REMOTE_ADDR", "Remote_Port", "local_addr", "LOCAL_PORT"}) {
    EXPECT_EQ(status_of(get(name + ": 6.6.6.6\r\n")), 400) << name;
  }
}

}  // namespace
}  // namespace planwise::api
