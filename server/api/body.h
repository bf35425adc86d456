// Takes the body of a request from the bytes of a connection, piece by piece. Pure; not thread-safe.
//
// Both framings of RFC 9112: a declared length, and chunks. Chunk extensions and trailers are read past and
// dropped, and bounded like everything else.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "server/api/head.h"

namespace planwise::api {

class BodyReader {
 public:
  // A reader for the body that `head` announces; at most `max_bytes` of content are accepted.
  BodyReader(const RequestHead& head, std::int64_t max_bytes);

  // Takes what belongs to the body from the front of `bytes` and returns how many bytes that were. Call again
  // with what follows until done() or refusal().
  std::size_t feed(std::string_view bytes);

  [[nodiscard]] bool done() const { return state_ == State::kDone; }
  // Set once the body cannot be accepted: 400 malformed chunks, 413 too long.
  [[nodiscard]] const std::optional<Refusal>& refusal() const { return refusal_; }
  [[nodiscard]] std::string take() && { return std::move(content_); }

 private:
  enum class State : std::uint8_t { kLength, kChunkLine, kChunkData, kChunkEnd, kTrailer, kDone };

  std::size_t take_data(std::string_view bytes);
  std::size_t take_line(std::string_view bytes);
  void end_line();
  void refuse(int status, std::string_view detail);

  State state_;
  std::int64_t remaining_;  // of the declared length, or of the chunk
  std::int64_t max_bytes_;
  std::size_t line_bytes_ = 0;  // of chunk lines and trailers so far, all together
  std::string line_;
  std::string content_;
  std::optional<Refusal> refusal_;
};

}  // namespace planwise::api
