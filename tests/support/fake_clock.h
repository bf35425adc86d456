// A clock that stands still until a test moves it.
#pragma once

#include <chrono>
#include <mutex>

#include "analyzer/base/clock.h"

namespace planwise::test {

// Thread-safe.
class FakeClock final : public Clock {
 public:
  explicit FakeClock(TimePoint now = TimePoint(std::chrono::sys_days(std::chrono::year(2026) / 3 / 1)))
      : now_(now) {}

  [[nodiscard]] TimePoint now() const override {
    const std::lock_guard lock(mutex_);
    return now_;
  }
  [[nodiscard]] std::chrono::steady_clock::time_point steady_now() const override {
    const std::lock_guard lock(mutex_);
    return steady_;
  }

  void advance(std::chrono::microseconds by) {
    const std::lock_guard lock(mutex_);
    now_ += by;
    steady_ += by;
  }
  // As when somebody sets the system's clock: deadlines are not touched.
  void jump(TimePoint to) {
    const std::lock_guard lock(mutex_);
    now_ = to;
  }

 private:
  mutable std::mutex mutex_;
  TimePoint now_;                                   // guarded by mutex_
  std::chrono::steady_clock::time_point steady_{};  // guarded by mutex_
};

}  // namespace planwise::test
