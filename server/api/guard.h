// Owns every connection of the server: one thread, one epoll set, everything bounded.
//
// A request reaches a worker only when it has arrived whole and its head has been vetted; an answer goes back
// to this thread, which sends it at the client's pace. So a slow, silent or hostile client costs a buffer
// with a limit and a deadline, never a thread. Refused clients get application/problem+json, and their
// connection lingers until they have read it. Event streams are fed from here as well.
//
// Thread-safe.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <thread>

#include "server/api/exchange.h"
#include "server/api/head.h"
#include "server/api/listener.h"

namespace planwise::api {

struct GuardLimits {
  HeadPolicy head;
  std::size_t connections = 20'000;  // more are told 503 and closed
  std::size_t streams = 100;         // event streams among them
  std::size_t workers = 8;
  std::size_t queue = 1024;                      // requests that wait for a worker; more get 503
  std::int64_t buffered_bytes = 64 << 20;        // bodies and answers in memory, all together; beyond: 503
  std::chrono::milliseconds head_time{10'000};   // from a head's first byte to its last
  std::chrono::milliseconds idle_time{60'000};   // a kept connection, between requests
  std::chrono::milliseconds body_time{30'000};   // from the end of the head to the end of the body
  std::chrono::milliseconds write_time{30'000};  // for one answer
  std::chrono::milliseconds linger_time{2'000};  // how long what a refused client still sends is read past
  std::chrono::milliseconds stream_comment_time{15'000};  // a comment keeps an event stream from looking dead
};

struct GuardStats {
  std::size_t connections = 0;
  std::size_t streams = 0;
  std::uint64_t accepted = 0;
  std::map<int, std::uint64_t> refused;  // by status, of requests that no worker saw
};

class Guard {
 public:
  // Serves nobody before start().
  Guard(Listener listener, const GuardLimits& limits, Responder respond);
  // Ends at once what drain() has not ended.
  ~Guard();
  Guard(const Guard&) = delete;
  Guard& operator=(const Guard&) = delete;

  void start();

  // Takes no new connections, lets requests under way finish for at most `limit`, then closes everything.
  // Returns when that is done; later calls return at once.
  void drain(std::chrono::milliseconds limit);

  // Says that an EventSource may have news.
  void wake_streams();

  [[nodiscard]] GuardStats stats() const;

 private:
  class Loop;

  std::unique_ptr<Loop> loop_;
  std::mutex join_mutex_;  // guards thread_
  std::thread thread_;
};

}  // namespace planwise::api
