#include "tests/support/http_probe.h"

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <stdexcept>
#include <utility>

namespace planwise::test {
namespace {

using Clock = std::chrono::steady_clock;

bool wait_for(int socket, short events, Clock::time_point deadline) {
  while (true) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now()).count();
    pollfd file{.fd = socket, .events = events, .revents = 0};
    const int ready = poll(&file, 1, static_cast<int>(std::max<std::int64_t>(left, 0)));
    if (ready >= 0 || errno != EINTR) {
      return ready > 0;
    }
  }
}

}  // namespace

HttpProbe::HttpProbe(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
    ::close(socket_);
    throw std::runtime_error("cannot connect to port " + std::to_string(port));
  }
}

HttpProbe::~HttpProbe() {
  ::close(socket_);
}

std::size_t HttpProbe::send(std::string_view bytes, std::chrono::milliseconds limit) {
  const auto deadline = Clock::now() + limit;
  std::size_t sent = 0;
  while (sent < bytes.size() && wait_for(socket_, POLLOUT, deadline)) {
    const auto count = ::send(socket_, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (count < 0 && errno != EINTR && errno != EAGAIN) {
      break;
    }
    sent += count > 0 ? static_cast<std::size_t>(count) : 0;
  }
  return sent;
}

bool HttpProbe::read_more(Clock::time_point deadline) {
  if (ended_ || !wait_for(socket_, POLLIN, deadline)) {
    return false;
  }
  std::array<char, 65536> buffer{};
  const auto count = recv(socket_, buffer.data(), buffer.size(), 0);
  if (count <= 0) {
    ended_ = true;
    return false;
  }
  received_.append(buffer.data(), static_cast<std::size_t>(count));
  return true;
}

std::string HttpProbe::read_to_end(std::chrono::milliseconds limit) {
  const auto deadline = Clock::now() + limit;
  while (read_more(deadline)) {
  }
  return std::exchange(received_, {});
}

std::string HttpProbe::read_until(std::string_view text, std::chrono::milliseconds limit) {
  const auto deadline = Clock::now() + limit;
  while (received_.find(text) == std::string::npos) {
    if (!read_more(deadline)) {
      return {};
    }
  }
  return received_;
}

std::string HttpProbe::read_response(std::chrono::milliseconds limit) {
  if (read_until("\r\n\r\n", limit).empty()) {
    return {};
  }
  const std::size_t head = received_.find("\r\n\r\n") + 4;
  constexpr std::string_view kLength = "Content-Length: ";
  const auto at = received_.substr(0, head).find(kLength);
  const std::size_t length =
      at == std::string::npos ? 0 : std::strtoul(received_.c_str() + at + kLength.size(), nullptr, 10);
  const auto deadline = Clock::now() + limit;
  while (received_.size() < head + length) {
    if (!read_more(deadline)) {
      return {};
    }
  }
  std::string response = received_.substr(0, head + length);
  received_.erase(0, head + length);
  return response;
}

bool HttpProbe::closes_within(std::chrono::milliseconds limit) {
  read_to_end(limit);
  return ended_;
}

int status_of(std::string_view response) {
  constexpr std::string_view kVersion = "HTTP/1.1 ";
  return response.starts_with(kVersion) ? std::atoi(std::string(response.substr(kVersion.size(), 3)).c_str())
                                        : 0;
}

std::string body_of(std::string_view response) {
  const auto end = response.find("\r\n\r\n");
  return end == std::string_view::npos ? std::string{} : std::string(response.substr(end + 4));
}

}  // namespace planwise::test
