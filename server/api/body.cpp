#include "server/api/body.h"

#include <algorithm>
#include <charconv>
#include <utility>

namespace planwise::api {
namespace {

// For all chunk-size lines and trailers of one body: room for 1 MiB in chunks of 64 bytes, none for flooding.
constexpr std::size_t kMaxLineBytes = 256 << 10;

}  // namespace

BodyReader::BodyReader(const RequestHead& head, std::int64_t max_bytes)
    : state_(head.chunked              ? State::kChunkLine
             : head.content_length > 0 ? State::kLength
                                       : State::kDone),
      remaining_(head.content_length),
      max_bytes_(max_bytes) {}

void BodyReader::refuse(int status, std::string_view detail) {
  refusal_ = Refusal{status, detail};
}

std::size_t BodyReader::feed(std::string_view bytes) {
  std::size_t taken = 0;
  while (taken < bytes.size() && !done() && !refusal_) {
    const std::string_view rest = bytes.substr(taken);
    taken += state_ == State::kLength || state_ == State::kChunkData ? take_data(rest) : take_line(rest);
  }
  return taken;
}

std::size_t BodyReader::take_data(std::string_view bytes) {
  const std::size_t size = std::min(bytes.size(), static_cast<std::size_t>(remaining_));
  content_.append(bytes.substr(0, size));
  remaining_ -= static_cast<std::int64_t>(size);
  if (remaining_ == 0) {
    state_ = state_ == State::kLength ? State::kDone : State::kChunkEnd;
  }
  return size;
}

std::size_t BodyReader::take_line(std::string_view bytes) {
  const auto end = bytes.find('\n');
  const std::size_t size = end == std::string_view::npos ? bytes.size() : end + 1;
  line_bytes_ += size;
  if (line_bytes_ > kMaxLineBytes) {
    refuse(413, "the body has too many chunks or trailers");
    return size;
  }
  line_.append(bytes.substr(0, size));
  if (line_.ends_with('\n')) {
    end_line();
    line_.clear();
  }
  return size;
}

void BodyReader::end_line() {
  if (!line_.ends_with("\r\n")) {
    refuse(400, "a chunk line does not end in CRLF");
    return;
  }
  const std::string_view line(line_.data(), line_.size() - 2);
  if (line.find('\r') != std::string_view::npos) {
    refuse(400, "a chunk line does not end in CRLF");
  } else if (state_ == State::kTrailer) {
    state_ = line.empty() ? State::kDone : State::kTrailer;
  } else if (state_ == State::kChunkEnd) {
    state_ = State::kChunkLine;
    if (!line.empty()) {
      refuse(400, "a chunk is longer than its size says");
    }
  } else {
    std::string_view digits = line.substr(0, line.find(';'));
    digits = digits.substr(0, digits.find_last_not_of(" \t") + 1);
    std::uint64_t size = 0;  // unsigned: a sign must not parse (CVE-2026-45352)
    const auto [stop, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), size, 16);
    if (digits.empty() || stop != digits.data() + digits.size() || failure == std::errc::invalid_argument) {
      refuse(400, "a chunk size is not a hexadecimal number");
    } else if (failure == std::errc::result_out_of_range ||
               size > static_cast<std::uint64_t>(max_bytes_) - content_.size()) {
      refuse(413, "the body is too long");
    } else {
      remaining_ = static_cast<std::int64_t>(size);
      state_ = size == 0 ? State::kTrailer : State::kChunkData;
    }
  }
}

}  // namespace planwise::api
