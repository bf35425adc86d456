// A guarded server on a free port for tests, with a handful of handlers.
#pragma once

#include <chrono>
#include <cstdint>
#include <latch>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>

#include "server/api/engine.h"
#include "server/api/guard.h"

namespace planwise::api {

// Events are the numbers from 1 on, as many as were published.
class CountingSource final : public EventSource {
 public:
  std::string after(std::uint64_t& cursor) override {
    const std::lock_guard lock(mutex_);
    std::string out;
    while (cursor < published_) {
      out += "data: " + std::to_string(++cursor) + "\n\n";
    }
    return out;
  }
  void publish() {
    const std::lock_guard lock(mutex_);
    ++published_;
  }

 private:
  std::mutex mutex_;
  std::uint64_t published_ = 0;  // guarded by mutex_
};

inline GuardLimits short_limits() {
  GuardLimits limits;
  limits.workers = 2;
  limits.queue = 4;
  limits.head_time = limits.idle_time = limits.body_time = std::chrono::milliseconds(300);
  limits.write_time = std::chrono::milliseconds(500);
  limits.linger_time = std::chrono::milliseconds(300);
  limits.stream_comment_time = std::chrono::milliseconds(50);
  return limits;
}

class GuardedServer {
 public:
  explicit GuardedServer(const GuardLimits& limits = short_limits())
      : engine_([this](const Exchange& exchange) { return handle(exchange); }) {
    auto listener = open_listener({.host = "127.0.0.1", .port = 0});
    if (!listener) {
      throw std::runtime_error(listener.error().message);
    }
    port = listener->port;
    guard = std::make_unique<Guard>(std::move(listener).value(), limits,
                                    [this](const Exchange& exchange) { return engine_.respond(exchange); });
    guard->start();
  }
  GuardedServer(const GuardedServer&) = delete;
  GuardedServer& operator=(const GuardedServer&) = delete;
  ~GuardedServer() { guard.reset(); }  // its workers use all below

  std::uint16_t port = 0;
  CountingSource source;
  std::latch entered{1};   // counted down by the first /wait
  std::latch released{1};  // what /wait waits for
  std::unique_ptr<Guard> guard;

 private:
  Reply handle(const Exchange& exchange) {
    const std::string path = exchange.head.target.substr(0, exchange.head.target.find('?'));
    if (path == "/ping") {
      return {.body = "pong", .content_type = "text/plain"};
    }
    if (path == "/big") {
      return {.body = std::string(4 << 20, 'x'), .content_type = "text/plain"};
    }
    if (path == "/size") {
      return {.body = std::to_string(exchange.body.size()), .content_type = "text/plain"};
    }
    if (path == "/address") {
      return {.body = std::string(exchange.head.field("remote_addr")), .content_type = "text/plain"};
    }
    if (path == "/none") {
      return {.status = 204};
    }
    if (path == "/events") {
      return {.content_type = "text/event-stream", .stream = &source};
    }
    if (path == "/wait") {
      entered.count_down();
      released.wait();
      return {.body = "waited", .content_type = "text/plain"};
    }
    throw std::runtime_error("the secret is 42");
  }

  Engine engine_;
};

}  // namespace planwise::api
