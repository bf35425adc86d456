// The twelve attacks that Debian's cpp-httplib 0.11.4 alone falls to, each refused with bounded memory and
// time.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "tests/server/api/guard_fixture.h"
#include "tests/support/http_probe.h"

namespace planwise::api {
namespace {

using std::chrono::milliseconds;
using test::body_of;
using test::HttpProbe;
using test::status_of;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr std::string_view kGet = "GET /ping HTTP/1.1\r\nHost: localhost\r\n";
constexpr std::string_view kPost =
    "POST /size HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";

// Room for the probe's own buffers and the sanitizer's quarantine; every flood below sends 200 MiB if it may.
constexpr std::int64_t kMemoryLimit = 64 << 20;

std::int64_t resident_bytes() {
  std::ifstream statm("/proc/self/statm");
  std::int64_t size = 0;
  std::int64_t resident = 0;
  statm >> size >> resident;
  return resident * 4096;
}

// Sends `start`, then `filler` over and over, until the server stops reading or 200 MiB are gone.
std::string flood(HttpProbe& probe, std::string_view start, const std::string& filler) {
  probe.send(start);
  for (std::size_t sent = 0; sent < 200U << 20U;) {
    const std::size_t count = probe.send(filler, milliseconds(500));
    if (count < filler.size()) {
      break;
    }
    sent += count;
  }
  return probe.read_to_end();
}

class GuardAttack : public testing::Test {
 protected:
  void TearDown() override {
    EXPECT_LT(resident_bytes() - resident_at_start_, kMemoryLimit);
    HttpProbe honest(server_.port);
    honest.send(std::string(kGet) + "\r\n");
    EXPECT_EQ(body_of(honest.read_response()), "pong");
  }

  [[nodiscard]] std::string response_to(std::string_view bytes) const {
    HttpProbe probe(server_.port);
    probe.send(bytes);
    return probe.read_response();
  }

  GuardedServer server_;
  std::int64_t resident_at_start_ = resident_bytes();
};

TEST_F(GuardAttack, RequestLineWithoutEnd) {
  HttpProbe probe(server_.port);
  EXPECT_EQ(status_of(flood(probe, "GET /", std::string(65536, 'a'))), 431);
}

TEST_F(GuardAttack, HundredsOfThousandsOfFields) {
  std::string fields;
  for (int i = 0; i < 8000; ++i) {
    fields += "X: y\r\n";
  }
  HttpProbe probe(server_.port);
  EXPECT_EQ(status_of(flood(probe, kGet, fields)), 431);
}

TEST_F(GuardAttack, DeclaredLengthOverTheLimit) {
  EXPECT_EQ(status_of(response_to(std::string(kPost) + "Content-Length: 10485760\r\n\r\n")), 413);
}

TEST_F(GuardAttack, ChunkedBodyWithoutEnd) {
  std::string chunks;
  for (int i = 0; i < 16; ++i) {
    chunks += "1000\r\n" + std::string(4096, 'x') + "\r\n";
  }
  HttpProbe probe(server_.port);
  EXPECT_EQ(status_of(flood(probe, std::string(kPost) + "Transfer-Encoding: chunked\r\n\r\n", chunks)), 413);
}

TEST_F(GuardAttack, BodyWithoutLength) {
  HttpProbe probe(server_.port);
  const std::string responses = flood(probe, std::string(kPost) + "\r\n", std::string(65536, 'x'));
  EXPECT_EQ(status_of(responses), 200);               // of a request without a body
  EXPECT_THAT(responses, HasSubstr("HTTP/1.1 431"));  // what follows is no request
}

TEST_F(GuardAttack, NegativeChunkSize) {
  EXPECT_EQ(
      status_of(response_to(std::string(kPost) + "Transfer-Encoding: chunked\r\n\r\n-2\r\nab\r\n0\r\n\r\n")),
      400);
}

TEST_F(GuardAttack, CompressedBody) {
  EXPECT_EQ(
      status_of(response_to(std::string(kPost) + "Content-Encoding: gzip\r\nContent-Length: 5\r\n\r\nabcde")),
      415);
}

TEST_F(GuardAttack, OverlappingRanges) {
  std::string ranges = "0-";
  for (int i = 0; i < 60; ++i) {
    ranges += ",0-";
  }
  const std::string response =
      response_to("GET /big HTTP/1.1\r\nHost: localhost\r\nRange: bytes=" + ranges + "\r\n\r\n");
  EXPECT_EQ(status_of(response), 200);  // ranges are not served: RFC 9110, 14.2 lets a server ignore them
  EXPECT_EQ(body_of(response).size(), 4U << 20U);
}

TEST_F(GuardAttack, ForgedClientAddress) {
  EXPECT_EQ(
      status_of(response_to("GET /address HTTP/1.1\r\nHost: localhost\r\nREMOTE_ADDR: 6.6.6.6\r\n\r\n")),
      400);
}

TEST_F(GuardAttack, SmuggledRequests) {
  const std::string post(kPost);
  EXPECT_EQ(status_of(response_to(post + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")),
            400);
  EXPECT_EQ(status_of(response_to(post + "Content-Length: 5\r\nContent-Length: 0\r\n\r\nabcde")), 400);
  EXPECT_EQ(status_of(response_to("GET /ping HTTP/1.1\r\n\r\n")), 400);
}

TEST_F(GuardAttack, IdleConnectionsHoldNoWorker) {
  std::vector<std::unique_ptr<HttpProbe>> idle;
  for (int i = 0; i < 200; ++i) {
    idle.push_back(std::make_unique<HttpProbe>(server_.port));
    idle.back()->send(std::string(kGet) + "\r\n");
    ASSERT_EQ(body_of(idle.back()->read_response()), "pong");
  }
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(body_of(response_to(std::string(kGet) + "\r\n")), "pong");
  EXPECT_LT(std::chrono::steady_clock::now() - start, milliseconds(200));
}

TEST_F(GuardAttack, DrippingHeadsHoldNoWorkerAndEnd) {
  std::vector<std::unique_ptr<HttpProbe>> slow;
  for (int i = 0; i < 50; ++i) {
    slow.push_back(std::make_unique<HttpProbe>(server_.port));
    slow.back()->send("GET /pi");
  }
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(body_of(response_to(std::string(kGet) + "\r\n")), "pong");
  EXPECT_LT(std::chrono::steady_clock::now() - start, milliseconds(200));
  while (std::chrono::steady_clock::now() - start < milliseconds(1000) && slow.front()->send("n") == 1) {
    if (!slow.front()->read_until("408", milliseconds(20)).empty()) {
      break;  // a byte now and then does not move the deadline
    }
  }
  EXPECT_EQ(status_of(slow.front()->read_to_end()), 408);
  EXPECT_EQ(status_of(slow.back()->read_to_end()), 408);
}

TEST_F(GuardAttack, ExceptionTextStaysInside) {
  const std::string response = response_to("GET /throw HTTP/1.1\r\nHost: localhost\r\n\r\n");
  EXPECT_EQ(status_of(response), 500);
  EXPECT_THAT(response, AllOf(HasSubstr("application/problem+json"), Not(HasSubstr("42"))));
}

}  // namespace
}  // namespace planwise::api
