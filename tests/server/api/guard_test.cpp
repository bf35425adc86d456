#include "server/api/guard.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <thread>
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

std::string get(const std::string& path, const std::string& lines = {}) {
  return "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n" + lines + "\r\n";
}

std::string post(const std::string& body, const std::string& lines = {}) {
  return "POST /size HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: " +
         std::to_string(body.size()) + "\r\n" + lines + "\r\n" + body;
}

TEST(Guard, AnswersManyRequestsOnOneConnection) {
  GuardedServer server;
  HttpProbe probe(server.port);
  for (int i = 0; i < 20; ++i) {
    probe.send(get("/ping"));
    const std::string response = probe.read_response();
    EXPECT_EQ(status_of(response), 200);
    EXPECT_EQ(body_of(response), "pong");
  }
  EXPECT_EQ(server.guard->stats().accepted, 1U);
}

TEST(Guard, AnswersPipelinedRequestsInOrder) {
  GuardedServer server;
  HttpProbe probe(server.port);
  probe.send(get("/ping") + post("{}") + get("/none") + get("/ping", "Connection: close\r\n"));
  EXPECT_EQ(body_of(probe.read_response()), "pong");
  EXPECT_EQ(body_of(probe.read_response()), "2");
  EXPECT_EQ(status_of(probe.read_response()), 204);
  EXPECT_EQ(body_of(probe.read_response()), "pong");
  EXPECT_TRUE(probe.closes_within(milliseconds(2000)));
}

TEST(Guard, TakesRequestsInAnyPieces) {
  GuardedServer server;
  HttpProbe probe(server.port);
  for (const char letter : post("[1, 2]")) {
    probe.send(std::string(1, letter));
  }
  EXPECT_EQ(body_of(probe.read_response()), "6");
}

TEST(Guard, TakesABodyUpToTheLimit) {
  GuardedServer server;
  HttpProbe probe(server.port);
  probe.send(post(std::string(1 << 20, ' ')));
  EXPECT_EQ(body_of(probe.read_response()), "1048576");
}

TEST(Guard, InvitesTheBodyThatIsAskedFor) {
  GuardedServer server;
  HttpProbe probe(server.port);
  probe.send(
      "POST /size HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 2\r\n"
      "Expect: 100-continue\r\n\r\n");
  EXPECT_EQ(status_of(probe.read_response()), 100);
  probe.send("{}");
  EXPECT_EQ(body_of(probe.read_response()), "2");
}

TEST(Guard, AnswersHeadWithTheLengthAndNoBody) {
  GuardedServer server;
  HttpProbe probe(server.port);
  probe.send("HEAD /ping HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  const std::string response = probe.read_to_end();
  EXPECT_THAT(response, AllOf(HasSubstr("Content-Length: 4"), Not(HasSubstr("pong"))));
}

TEST(Guard, SendsNoLengthWhereThereIsNoContent) {
  GuardedServer server;
  HttpProbe probe(server.port);
  probe.send(get("/none", "Connection: close\r\n"));
  EXPECT_THAT(probe.read_to_end(), AllOf(HasSubstr("HTTP/1.1 204"), Not(HasSubstr("Content-Length"))));
}

TEST(Guard, LetsARefusedClientReadWhy) {
  GuardedServer server;
  HttpProbe probe(server.port);
  probe.send(
      "POST /size HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
      "Content-Length: 2000000\r\n\r\n" +
      std::string(300'000, 'x'));
  const std::string response = probe.read_response();
  EXPECT_EQ(status_of(response), 413);
  EXPECT_THAT(response, AllOf(HasSubstr("application/problem+json"), HasSubstr("Content Too Large"),
                              HasSubstr("Connection: close")));
  EXPECT_TRUE(probe.closes_within(milliseconds(2000)));
  EXPECT_EQ(server.guard->stats().refused.at(413), 1U);
}

TEST(Guard, ClosesIdleAndSilentConnections) {
  GuardedServer server;
  HttpProbe silent(server.port);
  HttpProbe idle(server.port);
  idle.send(get("/ping"));
  EXPECT_EQ(body_of(idle.read_response()), "pong");
  EXPECT_TRUE(silent.closes_within(milliseconds(3000)));
  EXPECT_TRUE(idle.closes_within(milliseconds(3000)));
}

TEST(Guard, EndsABodyThatDoesNotArrive) {
  GuardedServer server;
  HttpProbe probe(server.port);
  const std::string whole = post("{\"name\": 1}");
  probe.send(whole.substr(0, whole.size() - 1));
  EXPECT_EQ(status_of(probe.read_to_end()), 408);
}

TEST(Guard, EndsAClientThatDoesNotReadItsAnswer) {
  GuardedServer server;
  HttpProbe deaf(server.port);
  deaf.send(get("/big") + get("/big") + get("/big"));
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(5);
  while (server.guard->stats().connections > 0 && std::chrono::steady_clock::now() < deadline) {
    std::this_thread::yield();
  }
  EXPECT_EQ(server.guard->stats().connections, 0U);
}

TEST(Guard, SaysBusyWhenTheQueueIsFull) {
  GuardedServer server;  // two workers, four places in the queue
  std::vector<std::unique_ptr<HttpProbe>> waiting;
  for (int i = 0; i < 2; ++i) {
    waiting.push_back(std::make_unique<HttpProbe>(server.port));
    waiting.back()->send(get("/wait"));
  }
  std::string refused;
  for (int i = 0; i < 10; ++i) {  // more than workers and queue hold together: some of them are refused
    waiting.push_back(std::make_unique<HttpProbe>(server.port));
    waiting.back()->send(get("/wait"));
  }
  for (int round = 0; round < 20 && refused.empty(); ++round) {
    for (std::size_t i = 2; i < waiting.size() && refused.empty(); ++i) {
      refused = waiting[i]->read_until("\r\n\r\n", milliseconds(20));
    }
  }
  EXPECT_EQ(status_of(refused), 503);
  EXPECT_THAT(refused, HasSubstr("Retry-After: 1"));
  server.released.count_down();
  EXPECT_EQ(body_of(waiting.front()->read_response()), "waited");
}

TEST(Guard, SaysBusyWhenThereAreTooManyConnections) {
  GuardLimits limits = short_limits();
  limits.connections = 2;
  GuardedServer server(limits);
  HttpProbe first(server.port);
  HttpProbe second(server.port);
  first.send(get("/ping"));
  second.send(get("/ping"));
  EXPECT_EQ(body_of(first.read_response()), "pong");
  EXPECT_EQ(body_of(second.read_response()), "pong");
  HttpProbe third(server.port);
  EXPECT_EQ(status_of(third.read_to_end()), 503);
}

TEST(Guard, BoundsTheMemoryOfAllBodiesTogether) {
  GuardLimits limits = short_limits();
  limits.buffered_bytes = 100'000;
  GuardedServer server(limits);
  HttpProbe holder(server.port);
  holder.send(post(std::string(90'000, ' ')).substr(0, 1000));
  std::string response;
  do {  // until the server has seen the first one's head
    HttpProbe attempt(server.port);
    attempt.send(post(std::string(50'000, ' ')));
    response = attempt.read_response();
  } while (status_of(response) == 200);
  EXPECT_EQ(status_of(response), 503);
  EXPECT_EQ(status_of(holder.read_to_end()), 408);
  HttpProbe probe(server.port);
  probe.send(post(std::string(50'000, ' ')));
  EXPECT_EQ(status_of(probe.read_response()), 200);
}

TEST(Guard, StreamsEventsAndComments) {
  GuardedServer server;
  HttpProbe probe(server.port);
  probe.send(get("/events"));
  const std::string head = probe.read_until("\r\n\r\n");
  EXPECT_THAT(head, AllOf(HasSubstr("text/event-stream"), HasSubstr("Connection: close"),
                          Not(HasSubstr("Content-Length"))));
  EXPECT_FALSE(probe.read_until(": still here\n\n").empty());
  server.source.publish();
  server.source.publish();
  server.guard->wake_streams();
  EXPECT_FALSE(probe.read_until("data: 1\n\ndata: 2\n\n").empty());
  EXPECT_EQ(server.guard->stats().streams, 1U);
}

TEST(Guard, StreamsHoldNoWorker) {
  GuardedServer server;
  std::vector<std::unique_ptr<HttpProbe>> followers;
  for (int i = 0; i < 20; ++i) {
    followers.push_back(std::make_unique<HttpProbe>(server.port));
    followers.back()->send(get("/events"));
    ASSERT_FALSE(followers.back()->read_until(": still here").empty());
  }
  HttpProbe probe(server.port);
  probe.send(get("/ping"));
  EXPECT_EQ(body_of(probe.read_response()), "pong");
}

TEST(Guard, BoundsTheNumberOfStreams) {
  GuardLimits limits = short_limits();
  limits.streams = 1;
  GuardedServer server(limits);
  HttpProbe first(server.port);
  first.send(get("/events"));
  ASSERT_FALSE(first.read_until(": still here").empty());
  HttpProbe second(server.port);
  second.send(get("/events"));
  EXPECT_EQ(status_of(second.read_to_end()), 503);
}

TEST(Guard, DrainsRequestsUnderWayAndClosesTheRest) {
  GuardedServer server;
  HttpProbe idle(server.port);
  idle.send(get("/ping"));
  EXPECT_EQ(body_of(idle.read_response()), "pong");
  HttpProbe busy(server.port);
  busy.send(get("/wait"));
  server.entered.wait();
  std::thread drain([&] { server.guard->drain(std::chrono::seconds(10)); });
  EXPECT_TRUE(idle.closes_within(milliseconds(3000)));
  EXPECT_THROW(HttpProbe(server.port), std::runtime_error);
  server.released.count_down();
  EXPECT_EQ(body_of(busy.read_response()), "waited");
  drain.join();
  EXPECT_EQ(server.guard->stats().connections, 0U);
}

TEST(Guard, EndsADrainAtItsLimit) {
  GuardedServer server;
  HttpProbe busy(server.port);
  busy.send(get("/wait"));
  server.entered.wait();
  const auto start = std::chrono::steady_clock::now();
  server.guard->drain(milliseconds(100));
  EXPECT_LT(std::chrono::steady_clock::now() - start, milliseconds(2000));
  server.released.count_down();
}

TEST(Listener, NamesATakenPort) {
  GuardedServer server;
  const auto taken = open_listener({.host = "127.0.0.1", .port = server.port});
  ASSERT_FALSE(taken);
  EXPECT_THAT(taken.error().message, HasSubstr("port " + std::to_string(server.port)));
  EXPECT_THAT(taken.error().hint, HasSubstr("--listen"));
}

}  // namespace
}  // namespace planwise::api
