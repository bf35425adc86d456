#include "server/api/guard.h"

#include <utility>

#include "server/api/guard_loop.h"

namespace planwise::api {

Guard::Guard(Listener listener, const GuardLimits& limits, Responder respond)
    : loop_(std::make_unique<Loop>(std::move(listener), limits, std::move(respond))),
      thread_([this] { loop_->run(); }) {}

Guard::~Guard() {
  drain(std::chrono::milliseconds(0));
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
