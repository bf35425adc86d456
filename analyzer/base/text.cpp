#include "analyzer/base/text.h"

#include <fmt/format.h>

#include <array>
#include <chrono>
#include <cmath>
#include <cstdint>

namespace planwise {
namespace {

std::string scaled(double value, std::string_view unit) {
  const int decimals = std::abs(value) >= 100 ? 0 : std::abs(value) >= 1 ? 1 : 2;
  std::string digits = fmt::format("{:.{}f}", value, decimals);
  if (digits.ends_with(".0")) {
    digits.resize(digits.size() - 2);
  }
  return digits + " " + std::string(unit);
}

// The length of the valid sequence at `at`, or 0. Source: Unicode 15, table 3-7 (well-formed byte sequences).
std::size_t sequence_length(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[at + i]); };
  const unsigned char lead = byte(0);
  const std::size_t length = lead < 0x80 ? 1 : lead < 0xC2 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF5 ? 4 : 0;
  if (length == 0 || at + length > text.size()) {
    return 0;
  }
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0U) != 0x80U) {
      return 0;
    }
  }
  const bool overlong = (lead == 0xE0 && byte(1) < 0xA0) || (lead == 0xF0 && byte(1) < 0x90);
  const bool outside = (lead == 0xED && byte(1) > 0x9F) || (lead == 0xF4 && byte(1) > 0x8F);
  return overlong || outside ? 0 : length;
}

}  // namespace

std::string human(Bytes size) {
  static constexpr std::array<std::string_view, 5> kUnits{"bytes", "kB", "MB", "GB", "TB"};
  auto value = static_cast<double>(size.count);
  std::size_t unit = 0;
  while (std::abs(value) >= 1024 && unit + 1 < kUnits.size()) {
    value /= 1024;
    ++unit;
  }
  return scaled(value, kUnits.at(unit));
}

std::string human(Millis time) {
  const double ms = time.count();
  if (std::abs(ms) >= 86'400'000) {
    return scaled(ms / 86'400'000, "d");
  }
  if (std::abs(ms) >= 3'600'000) {
    return scaled(ms / 3'600'000, "h");
  }
  if (std::abs(ms) >= 60'000) {
    return scaled(ms / 60'000, "min");
  }
  return std::abs(ms) >= 1000 ? scaled(ms / 1000, "s") : scaled(ms, "ms");
}

std::string human(Rows rows) {
  if (std::abs(rows.count) < 10 && rows.count != std::floor(rows.count)) {
    return fmt::format("{:.1f}", rows.count);
  }
  std::string digits = fmt::format("{:.0f}", std::abs(rows.count));
  for (auto at = static_cast<std::ptrdiff_t>(digits.size()) - 3; at > 0; at -= 3) {
    digits.insert(static_cast<std::size_t>(at), ",");
  }
  return (rows.count < 0 ? "-" : "") + digits;
}

std::string human_share(double share) {
  const double percent = share * 100;
  return percent > 0 && percent < 0.1 ? "<0.1 %" : fmt::format("{:.1f} %", percent);
}

std::string rfc3339(TimePoint time) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
  const auto day = std::chrono::floor<std::chrono::days>(seconds);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(seconds - day);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), clock.hours().count(),
                     clock.minutes().count(), clock.seconds().count());
}

std::string valid_utf8(std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size());
  for (std::size_t at = 0; at < bytes.size();) {
    const std::size_t length = sequence_length(bytes, at);
    if (length == 0) {
      out += "\xEF\xBF\xBD";
      ++at;
    } else if (bytes[at] == '\0') {
      out += ' ';
      ++at;
    } else {
      out.append(bytes.substr(at, length));
      at += length;
    }
  }
  return out;
}

std::string shortened(std::string_view text, std::size_t limit) {
  if (text.size() <= limit) {
    return std::string(text);
  }
  constexpr std::string_view kEllipsis = "…";
  std::size_t cut = limit < kEllipsis.size() ? 0 : limit - kEllipsis.size();
  while (cut > 0 && (static_cast<unsigned char>(text[cut]) & 0xC0U) == 0x80U) {
    --cut;
  }
  return std::string(text.substr(0, cut)) + std::string(kEllipsis);
}

std::string printable(std::string_view text) {
  std::string out = valid_utf8(text);
  for (char& letter : out) {
    if (static_cast<unsigned char>(letter) < 0x20 || letter == 0x7F) {
      letter = ' ';
    }
  }
  return out;
}

}  // namespace planwise
