#include "server/api/connection.h"

#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <utility>

namespace planwise::api {

Connection::Io Connection::read_some() {
  std::array<char, 16 << 10> buffer;  // recv fills it
  while (true) {
    const auto count = recv(socket.get(), buffer.data(), buffer.size(), 0);
    if (count > 0) {
      if (state == State::kReading) {
        input.append(buffer.data(), static_cast<std::size_t>(count));
      }
      return Io::kMoved;
    }
    if (count < 0 && errno == EINTR) {
      continue;
    }
    return count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK) ? Io::kWouldBlock : Io::kClosed;
  }
}

Connection::Io Connection::write_some() {
  while (has_output()) {
    const auto count = send(socket.get(), output_.data() + written_, output_.size() - written_, MSG_NOSIGNAL);
    if (count >= 0) {
      written_ += static_cast<std::size_t>(count);
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
      return Io::kWouldBlock;
    } else if (errno != EINTR) {
      return Io::kClosed;
    }
  }
  output_ = {};
  written_ = 0;
  return Io::kMoved;
}

void Connection::send_later(std::string bytes) {
  if (has_output()) {
    output_.append(bytes);
  } else {
    output_ = std::move(bytes);
    written_ = 0;
  }
}

void Connection::finish_sending() const {
  shutdown(socket.get(), SHUT_WR);
}

}  // namespace planwise::api
