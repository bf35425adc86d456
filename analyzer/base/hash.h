// 64-bit hashes that mean the same in every build and on every machine (XXH64), and their text form.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace planwise {

[[nodiscard]] std::uint64_t hash64(std::string_view bytes, std::uint64_t seed = 0) noexcept;

// Sixteen lower-case hex digits; the outside form of every 64-bit id.
[[nodiscard]] std::string hex16(std::uint64_t value);

// The inverse; nullopt for anything but exactly sixteen hex digits.
[[nodiscard]] std::optional<std::uint64_t> parse_hex16(std::string_view text) noexcept;

}  // namespace planwise
