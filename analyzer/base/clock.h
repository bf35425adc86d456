// Time as an argument, so that schedules, deadlines and retention can be tested without waiting.
#pragma once

#include <chrono>

#include "analyzer/base/units.h"

namespace planwise {

// Thread-safe in every implementation.
class Clock {
 public:
  Clock() = default;
  Clock(const Clock&) = delete;
  Clock& operator=(const Clock&) = delete;
  virtual ~Clock() = default;

  // Wall clock: for schedules and what people read. Can jump.
  [[nodiscard]] virtual TimePoint now() const = 0;
  // For deadlines and intervals. Never goes back.
  [[nodiscard]] virtual std::chrono::steady_clock::time_point steady_now() const = 0;
};

class SystemClock final : public Clock {
 public:
  [[nodiscard]] TimePoint now() const override {
    return std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now());
  }
  [[nodiscard]] std::chrono::steady_clock::time_point steady_now() const override {
    return std::chrono::steady_clock::now();
  }
};

}  // namespace planwise
