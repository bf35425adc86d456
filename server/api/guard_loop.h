// The guard's thread. Everything here but the members marked otherwise belongs to that thread alone.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string_view>
#include <unordered_map>

#include "server/api/connection.h"
#include "server/api/guard.h"
#include "server/api/workers.h"

namespace planwise::api {

class Guard::Loop {
 public:
  Loop(Listener listener, const GuardLimits& limits, Responder respond);

  void run();

  // From any thread.
  void drain(std::chrono::milliseconds limit);
  void wake_streams();
  [[nodiscard]] GuardStats stats() const;

 private:
  using Time = Connection::Time;
  using State = Connection::State;

  void wake() const;
  void accept_all();
  void on_event(Connection& connection, std::uint32_t events);
  void read(Connection& connection);
  void advance(Connection& connection);
  bool begin_body(Connection& connection);
  void dispatch(Connection& connection);
  void finish(Workers::Done done);
  void flush(Connection& connection);
  void follow(Connection& connection);
  void refuse(Connection& connection, const Refusal& refusal);
  void await_request(Connection& connection);
  void watch(Connection& connection, std::uint32_t events) const;
  bool charge(Connection& connection, std::int64_t bytes);
  void release(Connection& connection);
  void close(Connection& connection);
  void sweep();
  void begin_drain();
  void count_refusal(int status);

  Listener listener_;
  const GuardLimits limits_;
  const std::chrono::milliseconds sweep_time_;
  FileDescriptor epoll_;
  FileDescriptor wake_;
  std::unordered_map<std::uint64_t, std::unique_ptr<Connection>> connections_;
  std::uint64_t next_id_;
  std::int64_t buffered_ = 0;
  bool accepting_ = true;
  bool drain_begun_ = false;
  Time now_;
  Time next_sweep_;

  std::atomic<bool> draining_{false};
  std::atomic<bool> streams_woken_{false};
  std::atomic<std::int64_t> drain_deadline_{0};  // ticks of the steady clock
  std::atomic<std::size_t> open_{0};
  std::atomic<std::size_t> streams_{0};
  std::atomic<std::uint64_t> accepted_{0};
  mutable std::mutex refused_mutex_;  // guards refused_
  std::map<int, std::uint64_t> refused_;

  Workers workers_;  // last: its threads use what is above
};

}  // namespace planwise::api
