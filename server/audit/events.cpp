#include "server/audit/events.h"

#include <algorithm>

namespace planwise {

std::string_view to_string(EventKind value) noexcept {
  switch (value) {
    case EventKind::kAuditQueued: return "audit.queued";
    case EventKind::kAuditProgress: return "audit.progress";
    case EventKind::kAuditFinished: return "audit.finished";
    case EventKind::kFindings: return "findings";
  }
  return "audit.progress";
}

std::optional<Event> EventBus::Subscription::next(std::chrono::milliseconds timeout) {
  std::unique_lock lock(mutex_);
  arrived_.wait_for(lock, timeout, [this] { return closed_ || !events_.empty(); });
  if (events_.empty()) {
    return std::nullopt;
  }
  Event event = std::move(events_.front());
  events_.pop_front();
  return event;
}

std::uint64_t EventBus::Subscription::dropped() const {
  const std::lock_guard lock(mutex_);
  return dropped_;
}

bool EventBus::Subscription::closed() const {
  const std::lock_guard lock(mutex_);
  return closed_;
}

std::shared_ptr<EventBus::Subscription> EventBus::subscribe() {
  auto subscription = std::make_shared<Subscription>();
  const std::lock_guard lock(mutex_);
  subscription->closed_ = closed_;  // nobody else knows it yet
  subscribers_.push_back(subscription);
  return subscription;
}

void EventBus::publish(Event event) {
  const std::lock_guard lock(mutex_);
  event.sequence = ++sequence_;
  std::erase_if(subscribers_, [&event](const std::weak_ptr<Subscription>& weak) {
    const std::shared_ptr<Subscription> subscriber = weak.lock();
    if (subscriber == nullptr) {
      return true;
    }
    {
      const std::lock_guard queue(subscriber->mutex_);
      if (subscriber->events_.size() == kQueueLength) {
        subscriber->events_.pop_front();
        ++subscriber->dropped_;
      }
      subscriber->events_.push_back(event);
    }
    subscriber->arrived_.notify_one();
    return false;
  });
}

void EventBus::close() {
  const std::lock_guard lock(mutex_);
  closed_ = true;
  for (const std::weak_ptr<Subscription>& weak : subscribers_) {
    if (const std::shared_ptr<Subscription> subscriber = weak.lock()) {
      {
        const std::lock_guard queue(subscriber->mutex_);
        subscriber->closed_ = true;
      }
      subscriber->arrived_.notify_all();
    }
  }
}

}  // namespace planwise
