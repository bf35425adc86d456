// The service's events as a server-sent event stream that many clients follow. Thread-safe.
//
//   id: 17
//   event: audit.progress
//   data: {"audit_id":"4","target_id":"1","target":"shop","state":"running","progress":0.4,"step":"plans"}
//
// A client that was away names the last id it saw (Last-Event-ID) and gets what it missed; where that is
// further back than the last 256 events it gets an event named `lost` first and should read the resources
// again. Source: https://html.spec.whatwg.org/multipage/server-sent-events.html
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>

#include "server/api/exchange.h"
#include "server/audit/events.h"

namespace planwise::api {

class EventStream final : public EventSource {
 public:
  static constexpr std::size_t kKept = 256;

  // Listens to the bus, which must outlive it, on a thread of its own.
  explicit EventStream(EventBus& bus);
  ~EventStream() override;
  EventStream(const EventStream&) = delete;
  EventStream& operator=(const EventStream&) = delete;

  // Whom to tell that there are events. Called on the stream's own thread.
  void on_news(std::function<void()> tell);

  // Where a client starts that sends this Last-Event-ID: behind it, or with what comes next where it is
  // empty.
  [[nodiscard]] std::uint64_t cursor_for(std::string_view last_event_id) const;

  [[nodiscard]] std::string after(std::uint64_t& cursor) override;

 private:
  struct Kept {
    std::uint64_t sequence = 0;
    std::string text;
  };

  void listen(const std::stop_token& stop);

  std::shared_ptr<EventBus::Subscription> subscription_;
  mutable std::mutex mutex_;
  std::deque<Kept> kept_;       // guarded by mutex_
  std::uint64_t newest_ = 0;    // guarded by mutex_
  std::function<void()> tell_;  // guarded by mutex_
  std::jthread thread_;
};

}  // namespace planwise::api
