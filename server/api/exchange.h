// What passes between the guard, which owns the connections, and the code that answers requests.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "server/api/head.h"

namespace planwise::api {

// Something a client can follow without end, such as the audit's events. Thread-safe.
class EventSource {
 public:
  EventSource() = default;
  EventSource(const EventSource&) = delete;
  EventSource& operator=(const EventSource&) = delete;
  virtual ~EventSource() = default;

  // What came after `cursor`, ready to be sent, and moves the cursor behind it. Empty if nothing came.
  // Bounded: what is too old is left out and said to be.
  [[nodiscard]] virtual std::string after(std::uint64_t& cursor) = 0;
};

// One complete, vetted request.
struct Exchange {
  RequestHead head;
  std::string body;
};

// The bytes that answer it.
struct Answer {
  std::string bytes;
  bool close = false;             // the bytes say so too
  EventSource* stream = nullptr;  // followed after the bytes, until the client goes; not owned
  std::uint64_t cursor = 0;       // where in the stream this client starts
};

// Called on a worker thread, many at a time; must not throw.
using Responder = std::function<Answer(const Exchange& exchange)>;

}  // namespace planwise::api
