#include "server/store/cursor.h"

#include <bit>
#include <cstring>
#include <optional>

#include "analyzer/base/hash.h"

namespace planwise {
namespace {

constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

std::string base64url(std::string_view bytes) {
  std::string text;
  std::uint32_t bits = 0;
  int count = 0;
  for (const char byte : bytes) {
    bits = (bits << 8U) | static_cast<unsigned char>(byte);
    count += 8;
    while (count >= 6) {
      count -= 6;
      text += kAlphabet[(bits >> static_cast<unsigned>(count)) & 63U];
    }
  }
  if (count > 0) {
    text += kAlphabet[(bits << static_cast<unsigned>(6 - count)) & 63U];
  }
  return text;
}

std::optional<std::string> from_base64url(std::string_view text) {
  std::string bytes;
  std::uint32_t bits = 0;
  int count = 0;
  for (const char letter : text) {
    const std::size_t value = kAlphabet.find(letter);
    if (value == std::string_view::npos) {
      return std::nullopt;
    }
    bits = (bits << 6U) | static_cast<std::uint32_t>(value);
    count += 6;
    if (count >= 8) {
      count -= 8;
      bytes += static_cast<char>((bits >> static_cast<unsigned>(count)) & 255U);
    }
  }
  return bytes;
}

void put(std::string& bytes, std::uint64_t value) {
  for (unsigned shift = 0; shift < 64; shift += 8) {
    bytes += static_cast<char>((value >> shift) & 255U);
  }
}

std::uint64_t get(std::string_view bytes, std::size_t offset) {
  std::uint64_t value = 0;
  for (unsigned i = 0; i < 8; ++i) {
    value |= static_cast<std::uint64_t>(static_cast<unsigned char>(bytes[offset + i])) << (8 * i);
  }
  return value;
}

std::uint64_t seal(std::string_view body, std::string_view query, std::uint64_t secret) {
  return hash64(body, hash64(query, secret));
}

constexpr std::size_t kHead = 10;  // seal, count of integers, count of reals

}  // namespace

std::string make_cursor(const CursorKey& key, std::string_view query, std::uint64_t secret) {
  std::string body;
  body += static_cast<char>(key.integers.size());
  body += static_cast<char>(key.reals.size());
  for (const std::int64_t value : key.integers) {
    put(body, static_cast<std::uint64_t>(value));
  }
  for (const double value : key.reals) {
    put(body, std::bit_cast<std::uint64_t>(value));
  }
  body += key.text;
  std::string bytes;
  put(bytes, seal(body, query, secret));
  return base64url(bytes + body);
}

Result<CursorKey> read_cursor(std::string_view cursor, std::string_view query, std::uint64_t secret) {
  const Error wrong{ErrorCode::kInvalidArgument, "cursor is not one of this list",
                    "start again without a cursor, and keep filters and order while paging"};
  const std::optional<std::string> bytes = from_base64url(cursor);
  // Re-encoding must give the same text: trailing bits of base64 could otherwise be changed unseen.
  if (!bytes || bytes->size() < kHead || base64url(*bytes) != cursor) {
    return wrong;
  }
  const std::string_view body = std::string_view(*bytes).substr(8);
  if (get(*bytes, 0) != seal(body, query, secret)) {
    return wrong;
  }
  const auto integers = static_cast<std::size_t>(static_cast<unsigned char>(body[0]));
  const auto reals = static_cast<std::size_t>(static_cast<unsigned char>(body[1]));
  if (body.size() < 2 + 8 * (integers + reals)) {
    return wrong;
  }
  CursorKey key;
  std::size_t offset = 2;
  for (std::size_t i = 0; i < integers; ++i, offset += 8) {
    key.integers.push_back(static_cast<std::int64_t>(get(body, offset)));
  }
  for (std::size_t i = 0; i < reals; ++i, offset += 8) {
    key.reals.push_back(std::bit_cast<double>(get(body, offset)));
  }
  key.text = std::string(body.substr(offset));
  return key;
}

}  // namespace planwise
