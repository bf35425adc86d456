// A raw HTTP client for tests: sends exactly the bytes it is told to, and waits no longer than it is told to.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace planwise::test {

class HttpProbe {
 public:
  // Connects to 127.0.0.1. Throws std::runtime_error where nobody listens.
  explicit HttpProbe(std::uint16_t port);
  ~HttpProbe();
  HttpProbe(const HttpProbe&) = delete;
  HttpProbe& operator=(const HttpProbe&) = delete;

  // Sends all of it, unless the server closes or stops reading first; returns how many bytes were sent.
  std::size_t send(std::string_view bytes, std::chrono::milliseconds limit = std::chrono::seconds(10));
  // Reads until the server closes, or `limit` has passed.
  std::string read_to_end(std::chrono::milliseconds limit = std::chrono::seconds(10));
  // Reads until what came in holds `text` (and perhaps more); what was read before counts. Empty if it never
  // did.
  std::string read_until(std::string_view text, std::chrono::milliseconds limit = std::chrono::seconds(10));
  // Reads one response with a Content-Length, and drops it from what came in.
  std::string read_response(std::chrono::milliseconds limit = std::chrono::seconds(10));
  // Whether the server has closed this connection within `limit`.
  bool closes_within(std::chrono::milliseconds limit);

 private:
  bool read_more(std::chrono::steady_clock::time_point deadline);

  int socket_;
  bool ended_ = false;
  std::string received_;
};

// The status of a response text; 0 where it is none.
[[nodiscard]] int status_of(std::string_view response);
// What follows the empty line.
[[nodiscard]] std::string body_of(std::string_view response);

}  // namespace planwise::test
