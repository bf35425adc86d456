// One client's connection, as the guard's thread sees it: what was read, what is still to be sent, until
// when. Not thread-safe.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "server/api/body.h"
#include "server/api/exchange.h"
#include "server/api/head.h"
#include "server/api/listener.h"

namespace planwise::api {

class Connection {
 public:
  using Time = std::chrono::steady_clock::time_point;

  enum class State : std::uint8_t {
    kReading,    // a request is awaited or has arrived in part
    kWorking,    // a worker has the request
    kWriting,    // the answer is being sent
    kStreaming,  // the answer is an event stream
    kLingering,  // answered for good; what the client still sends is read past
  };
  // What became of an attempt to move bytes.
  enum class Io : std::uint8_t { kMoved, kWouldBlock, kClosed };

  Connection(FileDescriptor file, std::uint64_t number) : id(number), socket(std::move(file)) {}

  // Appends what the socket has, at most one buffer of 16 KiB, to `input`; nothing is kept while lingering.
  [[nodiscard]] Io read_some();
  // Sends as much of the output as the socket takes; kMoved means all of it.
  [[nodiscard]] Io write_some();
  void send_later(std::string bytes);
  [[nodiscard]] bool has_output() const { return written_ < output_.size(); }
  // Tells the client that no more will come.
  void finish_sending() const;

  const std::uint64_t id;
  FileDescriptor socket;
  State state = State::kReading;
  Time deadline = Time::max();
  std::uint32_t watched = 0;  // epoll events asked for
  bool close_after = false;   // once the output is sent
  std::int64_t charged = 0;   // bytes counted against GuardLimits::buffered_bytes

  std::string input;
  std::size_t searched = 0;  // bytes of `input` known to hold no end of a head
  std::optional<RequestHead> head;
  std::optional<BodyReader> body;

  EventSource* stream = nullptr;
  std::uint64_t cursor = 0;
  Time next_comment = Time::max();

 private:
  std::string output_;
  std::size_t written_ = 0;
};

}  // namespace planwise::api
