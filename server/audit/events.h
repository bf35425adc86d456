// What happens in the service, told to whoever listens: audit progress and new findings, for /events.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "server/store/records.h"

namespace planwise {

enum class EventKind : std::uint8_t { kAuditQueued, kAuditProgress, kAuditFinished, kFindings };

[[nodiscard]] std::string_view to_string(EventKind value) noexcept;  // "audit.queued", "audit.progress", ...

struct Event {
  std::uint64_t sequence = 0;  // grows by one an event; set by the bus
  EventKind kind = EventKind::kAuditProgress;
  AuditId audit;
  TargetId target;
  std::string target_name;
  AuditState state = AuditState::kQueued;
  double progress = 0;
  std::string step;
  std::string error;                  // of a failed audit
  std::vector<std::string> appeared;  // kFindings: ids of recommendations
  std::vector<std::string> gone;
};

// Thread-safe. Publishing never waits: a listener that is slow loses its oldest events and is told how many.
class EventBus {
 public:
  static constexpr std::size_t kQueueLength = 256;  // a subscriber

  class Subscription {
   public:
    // The next event; nullopt after `timeout` without one, and at once when closed() has become true.
    std::optional<Event> next(std::chrono::milliseconds timeout);
    [[nodiscard]] std::uint64_t dropped() const;
    [[nodiscard]] bool closed() const;

   private:
    friend class EventBus;
    mutable std::mutex mutex_;
    std::condition_variable arrived_;
    std::deque<Event> events_;   // guarded by mutex_
    std::uint64_t dropped_ = 0;  // guarded by mutex_
    bool closed_ = false;        // guarded by mutex_
  };

  // Events from now on. Give the subscription back by destroying it; it may outlive the bus.
  [[nodiscard]] std::shared_ptr<Subscription> subscribe();
  void publish(Event event);
  // Ends all subscriptions, present and future: for shutting down.
  void close();

 private:
  std::mutex mutex_;
  std::vector<std::weak_ptr<Subscription>> subscribers_;  // guarded by mutex_
  std::uint64_t sequence_ = 0;                            // guarded by mutex_
  bool closed_ = false;                                   // guarded by mutex_
};

}  // namespace planwise
