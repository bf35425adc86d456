#include "server/api/guard.h"

#include <utility>

#include "server/api/guard_loop.h"

namespace planwise::api {

Guard::Guard(Listener listener, const GuardLimits& limits, Responder respond)
    : loop_(std::make_unique<Loop>(std::move(listener), limits, std::move(respond))) {}

Guard::~Guard() {
  drain(std::chrono::milliseconds(0));
}

void Guard::start() {
  const std::lock_guard lock(join_mutex_);
  thread_ = std::thread([this] { loop_->run(); });
}

void Guard::drain(std::chrono::milliseconds limit) {
  const std::lock_guard lock(join_mutex_);
  if (thread_.joinable()) {
    loop_->drain(limit);
    thread_.join();
  }
}

void Guard::wake_streams() {
  loop_->wake_streams();
}

GuardStats Guard::stats() const {
  return loop_->stats();
}

}  // namespace planwise::api
