#include "server/api/guard_loop.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "server/api/problem.h"

namespace planwise::api {
namespace {

constexpr std::uint64_t kListenerId = 0;
constexpr std::uint64_t kWakeId = 1;
constexpr std::uint64_t kFirstConnectionId = 2;
constexpr std::string_view kEndOfHead = "\r\n\r\n";
constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";

void add_to(const FileDescriptor& epoll, const FileDescriptor& file, std::uint64_t id, std::uint32_t events) {
  epoll_event event{.events = events, .data = {.u64 = id}};
  epoll_ctl(epoll.get(), EPOLL_CTL_ADD, file.get(), &event);
}

// Often enough that a deadline is missed by at most a quarter of itself, seldom enough to cost nothing.
std::chrono::milliseconds sweep_time(const GuardLimits& limits) {
  const auto shortest = std::min({limits.head_time, limits.idle_time, limits.body_time, limits.write_time,
                                  limits.linger_time, limits.stream_comment_time});
  return std::clamp(shortest / 4, std::chrono::milliseconds(5), std::chrono::milliseconds(250));
}

}  // namespace

Guard::Loop::Loop(Listener listener, const GuardLimits& limits, Responder respond)
    : listener_(std::move(listener)),
      limits_(limits),
      sweep_time_(sweep_time(limits)),
      epoll_(epoll_create1(EPOLL_CLOEXEC)),
      wake_(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)),
      next_id_(kFirstConnectionId),
      workers_(limits.workers, limits.queue, std::move(respond), [this] { wake(); }) {
  add_to(epoll_, listener_.socket, kListenerId, EPOLLIN);
  add_to(epoll_, wake_, kWakeId, EPOLLIN);
}

void Guard::Loop::wake() const {
  const std::uint64_t one = 1;
  // A full counter (EAGAIN) is a wake-up that is still to be seen.
  [[maybe_unused]] const auto written = ::write(wake_.get(), &one, sizeof one);
}

void Guard::Loop::drain(std::chrono::milliseconds limit) {
  drain_deadline_ = (std::chrono::steady_clock::now() + limit).time_since_epoch().count();
  draining_ = true;
  wake();
}

void Guard::Loop::wake_streams() {
  if (!streams_woken_.exchange(true)) {
    wake();
  }
}

GuardStats Guard::Loop::stats() const {
  const std::lock_guard lock(refused_mutex_);
  return {.connections = open_, .streams = streams_, .accepted = accepted_, .refused = refused_};
}

void Guard::Loop::run() {
  std::array<epoll_event, 256> events{};
  now_ = std::chrono::steady_clock::now();
  next_sweep_ = now_ + sweep_time_;
  while (true) {
    const auto until_sweep = std::chrono::ceil<std::chrono::milliseconds>(next_sweep_ - now_).count();
    const bool idle = connections_.empty() && accepting_ && !drain_begun_;
    const int count = epoll_wait(epoll_.get(), events.data(), static_cast<int>(events.size()),
                                 idle ? -1 : static_cast<int>(std::max<std::int64_t>(until_sweep, 0)));
    now_ = std::chrono::steady_clock::now();
    for (int i = 0; i < count; ++i) {
      const epoll_event& event = events.at(static_cast<std::size_t>(i));
      if (event.data.u64 == kListenerId) {
        accept_all();
      } else if (event.data.u64 == kWakeId) {
        std::uint64_t wakes = 0;
        [[maybe_unused]] const auto got = ::read(wake_.get(), &wakes, sizeof wakes);
      } else if (const auto at = connections_.find(event.data.u64); at != connections_.end()) {
        on_event(*at->second, event.events);
      }
    }
    for (Workers::Done& done : workers_.take_done()) {
      finish(std::move(done));
    }
    if (draining_ && !drain_begun_) {
      begin_drain();
    }
    if (now_ >= next_sweep_ || streams_woken_) {
      sweep();
    }
    if (drain_begun_ && (connections_.empty() || now_.time_since_epoch().count() >= drain_deadline_)) {
      connections_.clear();
      open_ = streams_ = 0;
      return;
    }
  }
}

void Guard::Loop::accept_all() {
  const int on = 1;
  for (int i = 0; i < 256 && accepting_; ++i) {
    FileDescriptor socket(accept4(listener_.socket.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (socket.get() < 0) {
      if (errno != EAGAIN && errno != EINTR && errno != ECONNABORTED) {
        // Out of descriptors or memory: look again at the next sweep instead of spinning.
        epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, listener_.socket.get(), nullptr);
        accepting_ = false;
      }
      return;
    }
    ++accepted_;
    // Without it, Nagle and delayed acknowledgements add 44 ms to every request on a kept connection.
    setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (connections_.size() >= limits_.connections) {
      const std::string bytes = closing_response({.status = 503, .detail = "too many connections"});
      send(socket.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
      count_refusal(503);
      continue;
    }
    const std::uint64_t id = next_id_++;
    auto connection = std::make_unique<Connection>(std::move(socket), id);
    connection->watched = EPOLLIN;
    add_to(epoll_, connection->socket, id, EPOLLIN);
    await_request(*connection);
    connections_.emplace(id, std::move(connection));
    open_ = connections_.size();
  }
}

void Guard::Loop::on_event(Connection& connection, std::uint32_t events) {
  if ((events & (EPOLLERR | EPOLLHUP)) != 0) {
    close(connection);
  } else if ((events & EPOLLOUT) != 0) {
    flush(connection);
  } else if ((events & EPOLLIN) != 0) {
    read(connection);
  }
}

void Guard::Loop::read(Connection& connection) {
  const bool first = connection.state == State::kReading && connection.input.empty() && !connection.head;
  switch (connection.read_some()) {
    case Connection::Io::kWouldBlock: return;
    case Connection::Io::kClosed: close(connection); return;
    case Connection::Io::kMoved: break;
  }
  if (connection.state == State::kReading) {
    if (first) {
      connection.deadline = now_ + limits_.head_time;
    }
    advance(connection);
  }
}

// Goes on with the request as far as what was read allows.
void Guard::Loop::advance(Connection& connection) {
  if (!connection.head) {
    const auto end = connection.input.find(kEndOfHead, connection.searched);
    const bool found = end != std::string::npos;
    if (!found && connection.input.size() <= limits_.head.max_bytes) {
      connection.searched =
          connection.input.size() - std::min(connection.input.size(), kEndOfHead.size() - 1);
      return;
    }
    const std::size_t size = found ? end + kEndOfHead.size() : connection.input.size();
    auto vetted = vet_head(std::string_view(connection.input).substr(0, size), limits_.head);
    if (const auto* refusal = std::get_if<Refusal>(&vetted)) {
      refuse(connection, *refusal);
      return;
    }
    connection.head = std::get<RequestHead>(std::move(vetted));
    connection.input.erase(0, size);
    connection.searched = 0;
    if (!begin_body(connection)) {
      return;
    }
  }
  connection.input.erase(0, connection.body->feed(connection.input));
  if (connection.body->refusal()) {
    refuse(connection, *connection.body->refusal());
  } else if (connection.body->done()) {
    dispatch(connection);
  }
}

// False where the connection was refused or closed.
bool Guard::Loop::begin_body(Connection& connection) {
  const RequestHead& head = *connection.head;
  connection.deadline = now_ + limits_.body_time;
  connection.body.emplace(head, limits_.head.max_body_bytes);
  if (!charge(connection, head.chunked ? limits_.head.max_body_bytes : head.content_length)) {
    refuse(connection, {503, "too many requests with a body at once"});
    return false;
  }
  if (head.expects_continue && connection.input.empty()) {
    connection.send_later(std::string(kContinue));
    if (connection.write_some() != Connection::Io::kMoved) {
      close(connection);  // a socket that does not take 25 bytes has not read earlier answers
      return false;
    }
  }
  return true;
}

void Guard::Loop::dispatch(Connection& connection) {
  RequestHead head = *std::exchange(connection.head, std::nullopt);
  head.keep_alive = head.keep_alive && !drain_begun_;
  Workers::Job job{connection.id, {std::move(head), std::move(*connection.body).take()}};
  connection.body.reset();
  if (!workers_.submit(std::move(job))) {
    refuse(connection, {503, "too many requests wait already"});
    return;
  }
  connection.state = State::kWorking;
  connection.deadline = Time::max();
  watch(connection, 0);
}

void Guard::Loop::finish(Workers::Done done) {
  const auto at = connections_.find(done.connection);
  if (at == connections_.end()) {
    return;  // the client went away
  }
  Connection& connection = *at->second;
  release(connection);
  if (!charge(connection, static_cast<std::int64_t>(done.answer.bytes.size()))) {
    refuse(connection, {503, "too many answers are being sent at once"});
    return;
  }
  if (done.answer.stream != nullptr && streams_ >= limits_.streams) {
    refuse(connection, {503, "too many event streams"});
    return;
  }
  connection.stream = done.answer.stream;
  connection.cursor = done.answer.cursor;
  streams_ += connection.stream != nullptr ? 1 : 0;
  connection.close_after = done.answer.close;
  connection.state = State::kWriting;
  connection.deadline = now_ + limits_.write_time;
  connection.send_later(std::move(done.answer.bytes));
  flush(connection);
}

void Guard::Loop::flush(Connection& connection) {
  switch (connection.write_some()) {
    case Connection::Io::kWouldBlock: watch(connection, EPOLLOUT); return;
    case Connection::Io::kClosed: close(connection); return;
    case Connection::Io::kMoved: break;
  }
  release(connection);
  if (connection.stream != nullptr) {
    connection.state = State::kStreaming;
    connection.deadline = Time::max();
    connection.next_comment = now_ + limits_.stream_comment_time;
    watch(connection, EPOLLIN);
    follow(connection);
  } else if (connection.close_after) {
    connection.finish_sending();
    connection.state = State::kLingering;
    connection.deadline = now_ + limits_.linger_time;
    watch(connection, EPOLLIN);
  } else if (drain_begun_ && connection.input.empty()) {
    close(connection);
  } else {
    connection.state = State::kReading;
    await_request(connection);
    watch(connection, EPOLLIN);
    advance(connection);
  }
}

// Sends a stream's news. A client that has not taken the last lot gets no more: the source keeps a bounded
// past.
void Guard::Loop::follow(Connection& connection) {
  if (connection.state != State::kStreaming || connection.has_output()) {
    return;
  }
  std::string news = connection.stream->after(connection.cursor);
  if (news.empty() && now_ >= connection.next_comment) {
    news = ": still here\n\n";
  }
  if (news.empty()) {
    return;
  }
  connection.next_comment = now_ + limits_.stream_comment_time;
  connection.send_later(std::move(news));
  switch (connection.write_some()) {
    case Connection::Io::kWouldBlock:
      connection.deadline = now_ + limits_.write_time;
      watch(connection, EPOLLIN | EPOLLOUT);
      break;
    case Connection::Io::kClosed: close(connection); break;
    case Connection::Io::kMoved: break;
  }
}

void Guard::Loop::refuse(Connection& connection, const Refusal& refusal) {
  count_refusal(refusal.status);
  release(connection);
  connection.head.reset();
  connection.body.reset();
  connection.input = {};
  connection.state = State::kWriting;
  connection.close_after = true;
  connection.deadline = now_ + limits_.write_time;
  connection.send_later(closing_response({.status = refusal.status, .detail = std::string(refusal.detail)}));
  flush(connection);
}

void Guard::Loop::await_request(Connection& connection) {
  connection.searched = 0;
  connection.deadline = now_ + (connection.input.empty() ? limits_.idle_time : limits_.head_time);
}

void Guard::Loop::watch(Connection& connection, std::uint32_t events) const {
  if (connection.watched != events) {
    connection.watched = events;
    epoll_event event{.events = events, .data = {.u64 = connection.id}};
    epoll_ctl(epoll_.get(), EPOLL_CTL_MOD, connection.socket.get(), &event);
  }
}

bool Guard::Loop::charge(Connection& connection, std::int64_t bytes) {
  if (buffered_ + bytes > limits_.buffered_bytes) {
    return false;
  }
  buffered_ += bytes;
  connection.charged += bytes;
  return true;
}

void Guard::Loop::release(Connection& connection) {
  buffered_ -= std::exchange(connection.charged, 0);
}

// The connection is gone when this returns.
void Guard::Loop::close(Connection& connection) {
  release(connection);
  streams_ -= connection.stream != nullptr ? 1 : 0;
  connections_.erase(std::uint64_t{connection.id});
  open_ = connections_.size();
}

void Guard::Loop::sweep() {
  streams_woken_ = false;
  next_sweep_ = now_ + sweep_time_;
  if (!accepting_ && !drain_begun_) {
    accepting_ = true;
    add_to(epoll_, listener_.socket, kListenerId, EPOLLIN);
  }
  for (auto at = connections_.begin(); at != connections_.end();) {
    Connection& connection = *(at++)->second;  // may be erased below
    const bool late = now_ >= connection.deadline;
    if (connection.state == State::kStreaming && !late) {
      follow(connection);
    } else if (late && connection.state == State::kReading &&
               (connection.head || !connection.input.empty())) {
      refuse(connection, {408, "the request did not arrive in time"});
    } else if (late) {
      close(connection);
    }
  }
}

void Guard::Loop::begin_drain() {
  drain_begun_ = true;
  epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, listener_.socket.get(), nullptr);
  listener_.socket.close();
  for (auto at = connections_.begin(); at != connections_.end();) {
    Connection& connection = *(at++)->second;
    const bool waits = connection.state == State::kReading && connection.input.empty() && !connection.head;
    if (waits || connection.state == State::kStreaming || connection.state == State::kLingering) {
      close(connection);
    }
  }
}

void Guard::Loop::count_refusal(int status) {
  const std::lock_guard lock(refused_mutex_);
  ++refused_[status];
}

}  // namespace planwise::api
