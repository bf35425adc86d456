#include "server/api/listener.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <optional>
#include <system_error>
#include <utility>

namespace planwise::api {
namespace {

// How many connections the kernel completes before accept() sees them. The library's own default of 5 made a
// burst of 10,000 clients wait for a minute.
constexpr int kBacklog = 4096;

union SocketAddress {
  sockaddr any;
  sockaddr_in v4;
  sockaddr_in6 v6;
};

std::optional<std::pair<SocketAddress, socklen_t>> numeric_address(const std::string& host,
                                                                   std::uint16_t port) {
  SocketAddress address{};
  if (inet_pton(AF_INET, host.c_str(), &address.v4.sin_addr) == 1) {
    address.v4.sin_family = AF_INET;
    address.v4.sin_port = htons(port);
    return std::pair(address, static_cast<socklen_t>(sizeof address.v4));
  }
  if (inet_pton(AF_INET6, host.c_str(), &address.v6.sin6_addr) == 1) {
    address.v6.sin6_family = AF_INET6;
    address.v6.sin6_port = htons(port);
    return std::pair(address, static_cast<socklen_t>(sizeof address.v6));
  }
  return std::nullopt;
}

bool is_loopback(const SocketAddress& address) {
  return address.any.sa_family == AF_INET ? (ntohl(address.v4.sin_addr.s_addr) >> 24U) == 127
                                          : IN6_IS_ADDR_LOOPBACK(&address.v6.sin6_addr) != 0;
}

Error failed(std::string_view what, const ListenAddress& address) {
  return {ErrorCode::kUnavailable, fmt::format("cannot {} {} port {}: {}", what, address.host, address.port,
                                               std::generic_category().message(errno))};
}

}  // namespace

FileDescriptor& FileDescriptor::operator=(FileDescriptor&& other) noexcept {
  if (this != &other) {
    close();
    value_ = other.release();
  }
  return *this;
}

FileDescriptor::~FileDescriptor() {
  close();
}

int FileDescriptor::release() noexcept {
  return std::exchange(value_, -1);
}

void FileDescriptor::close() noexcept {
  if (value_ >= 0) {
    ::close(release());
  }
}

Result<ListenAddress> parse_listen_address(std::string_view text) {
  const auto colon = text.rfind(':');
  std::string_view host = text.substr(0, colon == std::string_view::npos ? text.size() : colon);
  const std::string_view digits = colon == std::string_view::npos ? "" : text.substr(colon + 1);
  ListenAddress address;
  const auto [stop, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), address.port);
  if (digits.empty() || failure != std::errc{} || stop != digits.data() + digits.size()) {
    return Error{ErrorCode::kInvalidArgument, fmt::format("listen address \"{}\" has no valid port", text),
                 "write HOST:PORT, for example 127.0.0.1:8080"};
  }
  if (host.starts_with('[') && host.ends_with(']')) {
    host = host.substr(1, host.size() - 2);
  }
  address.host = host == "localhost" ? "127.0.0.1" : host;
  const auto numeric = numeric_address(address.host, address.port);
  if (numeric && is_loopback(numeric->first)) {
    return address;
  }
  return Error{
      ErrorCode::kInvalidArgument,
      fmt::format("listen address \"{}\" is not loopback, and there are no access tokens yet to guard it",
                  text),
      "listen on 127.0.0.1 or [::1], and put a reverse proxy that authenticates in front"};
}

Result<Listener> open_listener(const ListenAddress& address) {
  const auto numeric = numeric_address(address.host, address.port);
  if (!numeric) {
    return Error{ErrorCode::kInvalidArgument, fmt::format("\"{}\" is no numeric address", address.host)};
  }
  auto [name, length] = *numeric;
  Listener listener;
  listener.socket = FileDescriptor(socket(name.any.sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  const int on = 1;
  if (listener.socket.get() < 0 ||
      setsockopt(listener.socket.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0) {
    return failed("open a socket for", address);
  }
  if (bind(listener.socket.get(), &name.any, length) != 0 || listen(listener.socket.get(), kBacklog) != 0) {
    if (errno == EADDRINUSE) {
      return Error{
          ErrorCode::kUnavailable, fmt::format("port {} on {} is already in use", address.port, address.host),
          fmt::format("stop the program that listens there (`ss -ltnp 'sport = :{}'` names it) or choose "
                      "another with --listen {}:PORT",
                      address.port, address.host)};
    }
    return failed("listen on", address);
  }
  if (getsockname(listener.socket.get(), &name.any, &length) != 0) {
    return failed("read the name of", address);
  }
  const bool v4 = name.any.sa_family == AF_INET;
  listener.port = ntohs(v4 ? name.v4.sin_port : name.v6.sin6_port);
  listener.host = v4 ? address.host : "[" + address.host + "]";
  return listener;
}

}  // namespace planwise::api
