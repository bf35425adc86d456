// The address the server listens on, and the socket bound to it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "analyzer/base/result.h"

namespace planwise::api {

// A file descriptor that is closed with its owner.
class FileDescriptor {
 public:
  explicit FileDescriptor(int value = -1) noexcept : value_(value) {}
  FileDescriptor(FileDescriptor&& other) noexcept : value_(other.release()) {}
  FileDescriptor& operator=(FileDescriptor&& other) noexcept;
  FileDescriptor(const FileDescriptor&) = delete;
  FileDescriptor& operator=(const FileDescriptor&) = delete;
  ~FileDescriptor();

  [[nodiscard]] int get() const noexcept { return value_; }
  int release() noexcept;
  void close() noexcept;

 private:
  int value_;
};

struct ListenAddress {
  std::string host;        // numeric, no brackets: "127.0.0.1", "::1"
  std::uint16_t port = 0;  // 0 takes a free one
};

// Reads "127.0.0.1:8080", "[::1]:8080" or "localhost:0". kInvalidArgument for anything else, and for every
// address that is not loopback: serving a network needs access tokens, which this version does not have.
[[nodiscard]] Result<ListenAddress> parse_listen_address(std::string_view text);

struct Listener {
  FileDescriptor socket;  // non-blocking, listening
  std::string host;       // as a URL writes it: "127.0.0.1", "[::1]"
  std::uint16_t port = 0;
};

// kUnavailable where the port is taken; the message names it and the hint says what to do.
[[nodiscard]] Result<Listener> open_listener(const ListenAddress& address);

}  // namespace planwise::api
