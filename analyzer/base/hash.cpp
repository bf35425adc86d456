#include "analyzer/base/hash.h"

#include <xxhash.h>

#include <charconv>

namespace planwise {

std::uint64_t hash64(std::string_view bytes, std::uint64_t seed) noexcept {
  return XXH64(bytes.data(), bytes.size(), seed);
}

std::string hex16(std::uint64_t value) {
  static constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text(16, '0');
  for (auto at = text.rbegin(); at != text.rend(); ++at, value >>= 4U) {
    *at = kDigits[value & 0xFU];
  }
  return text;
}

std::optional<std::uint64_t> parse_hex16(std::string_view text) noexcept {
  std::uint64_t value = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, failure] = std::from_chars(text.data(), end, value, 16);
  if (text.size() != 16 || failure != std::errc{} || stop != end) {
    return std::nullopt;
  }
  return value;
}

}  // namespace planwise
