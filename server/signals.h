// Signals as values that a thread waits for, instead of handlers that may do next to nothing.
#pragma once

#include <chrono>
#include <optional>

namespace planwise {

// To be made before any other thread starts: threads inherit the mask. Blocks SIGTERM, SIGINT and SIGHUP and
// ignores SIGPIPE for as long as it lives. One at a time. Thread-safe.
class Signals {
 public:
  Signals();
  ~Signals();
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;

  // The next of them; nullopt when `timeout` has passed without one.
  [[nodiscard]] std::optional<int> next(std::chrono::milliseconds timeout) const;
};

}  // namespace planwise
