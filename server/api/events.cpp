#include "server/api/events.h"

#include <fmt/format.h>

#include <charconv>
#include <chrono>
#include <nlohmann/json.hpp>
#include <utility>

#include "analyzer/base/text.h"
#include "server/api/handlers.h"

namespace planwise::api {
namespace {

constexpr std::string_view kLost = "event: lost\ndata: {}\n\n";

std::string text_of(const Event& event) {
  nlohmann::ordered_json data{{"audit_id", std::to_string(event.audit.value)},
                              {"target_id", std::to_string(event.target.value)},
                              {"target", valid_utf8(event.target_name)}};
  if (event.kind == EventKind::kFindings) {
    data["appeared"] = event.appeared;
    data["gone"] = event.gone;
  } else {
    data["state"] = to_string(event.state);
    data["progress"] = event.progress;
    data["step"] = valid_utf8(event.step);
    if (!event.error.empty()) {
      data["error"] = valid_utf8(event.error);
    }
  }
  return fmt::format("id: {}\nevent: {}\ndata: {}\n\n", event.sequence, to_string(event.kind), data.dump());
}

}  // namespace

EventStream::EventStream(EventBus& bus)
    : subscription_(bus.subscribe()), thread_([this](const std::stop_token& stop) { listen(stop); }) {}

EventStream::~EventStream() = default;

void EventStream::on_news(std::function<void()> tell) {
  const std::lock_guard lock(mutex_);
  tell_ = std::move(tell);
}

void EventStream::listen(const std::stop_token& stop) {
  constexpr std::chrono::milliseconds kPatience(200);  // how long the destructor may have to wait
  while (!stop.stop_requested() && !subscription_->closed()) {
    const auto event = subscription_->next(kPatience);
    if (!event) {
      continue;
    }
    const std::lock_guard lock(mutex_);
    kept_.push_back({event->sequence, text_of(*event)});
    newest_ = event->sequence;
    if (kept_.size() > kKept) {
      kept_.pop_front();
    }
    if (tell_) {
      tell_();
    }
  }
}

std::uint64_t EventStream::cursor_for(std::string_view last_event_id) const {
  const std::lock_guard lock(mutex_);
  std::uint64_t seen = 0;
  const auto [stop, failure] =
      std::from_chars(last_event_id.data(), last_event_id.data() + last_event_id.size(), seen);
  // A greater id is from before a restart: all that is kept is new to that client.
  return last_event_id.empty() || failure != std::errc{} ? newest_ : seen > newest_ ? 0 : seen;
}

std::string EventStream::after(std::uint64_t& cursor) {
  const std::lock_guard lock(mutex_);
  std::string out;
  if (cursor >= newest_) {
    return out;
  }
  if (kept_.front().sequence > cursor + 1) {
    out = kLost;
  }
  for (const Kept& event : kept_) {
    if (event.sequence > cursor) {
      out += event.text;
    }
  }
  cursor = newest_;
  return out;
}

Reply follow_events(Services& services, const Call& call) {
  return {.content_type = "text/event-stream",
          .headers = {{"Cache-Control", "no-store"}, {"X-Accel-Buffering", "no"}},
          .stream = &services.events,
          .cursor = services.events.cursor_for(call.field("last-event-id"))};
}

}  // namespace planwise::api
