#include "analyzer/cost_model/values.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <vector>

namespace planwise::cost_model {
namespace {

using namespace std::string_view_literals;

constexpr std::array kNumbers{"int2"sv, "int4"sv, "int8"sv, "numeric"sv, "float4"sv, "float8"sv, "oid"sv};
constexpr std::array kTimes{"date"sv, "timestamp"sv, "timestamptz"sv};

template <std::size_t kSize>
bool is_one_of(std::string_view type, const std::array<std::string_view, kSize>& types) {
  return std::ranges::find(types, type) != types.end();
}

std::optional<double> number_of(std::string_view text) {
  double value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  return failure == std::errc{} && end == text.data() + text.size() ? std::optional(value) : std::nullopt;
}

// Reads `width` digits at the front of `text` and takes them off.
std::optional<int> take_digits(std::string_view& text, std::size_t width) {
  int value = 0;
  if (text.size() < width ||
      std::from_chars(text.data(), text.data() + width, value).ptr != text.data() + width) {
    return std::nullopt;
  }
  text.remove_prefix(width);
  return value;
}

bool take(std::string_view& text, char wanted) {
  if (text.empty() || text.front() != wanted) {
    return false;
  }
  text.remove_prefix(1);
  return true;
}

// "+02", "-03:30", "Z" or nothing, in seconds east of Greenwich.
double zone_of(std::string_view text) {
  const double sign = text.starts_with('-') ? -1 : 1;
  if (!take(text, '+') && !take(text, '-')) {
    return 0;
  }
  const int hours = take_digits(text, 2).value_or(0);
  take(text, ':');
  return sign * (hours * 3600.0 + take_digits(text, 2).value_or(0) * 60.0);
}

// ISO 8601 as PostgreSQL prints it: "2025-10-01", "2025-10-01 12:30", "2025-10-01 12:30:00.5+02".
std::optional<double> time_of(std::string_view text) {
  const auto year = take_digits(text, 4);
  const bool first = take(text, '-');
  const auto month = take_digits(text, 2);
  const bool second = take(text, '-');
  const auto day = take_digits(text, 2);
  if (!year || !month || !day || !first || !second) {
    return std::nullopt;
  }
  const std::chrono::year_month_day date{std::chrono::year(*year),
                                         std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok()) {
    return std::nullopt;
  }
  double seconds = 86'400.0 * static_cast<double>(std::chrono::sys_days(date).time_since_epoch().count());
  if (!take(text, ' ') && !take(text, 'T')) {
    return seconds;
  }
  seconds += take_digits(text, 2).value_or(0) * 3600.0;
  take(text, ':');
  seconds += take_digits(text, 2).value_or(0) * 60.0;
  if (take(text, ':')) {
    double part = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), part);
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    seconds += part;
  }
  return seconds - zone_of(text);
}

// The characters that texts of a column are taken to be made of, as digits. Source:
// convert_string_to_scalar().
struct Digits {
  int low = 255;
  int high = 0;

  void include(std::string_view text) {
    for (const char c : text) {
      low = std::min(low, static_cast<int>(static_cast<unsigned char>(c)));
      high = std::max(high, static_cast<int>(static_cast<unsigned char>(c)));
    }
  }
  void widen(int from, int to) {
    if (low <= to && high >= from) {
      low = std::min(low, from);
      high = std::max(high, to);
    }
  }
  // Of what follows the first `skip` characters, 0..1.
  [[nodiscard]] double fraction(std::string_view text, std::size_t skip) const {
    constexpr std::size_t kPlaces = 12;
    const double base = high - low + 1;
    double value = 0;
    double weight = 1;
    for (std::size_t i = skip; i < text.size() && i < skip + kPlaces; ++i) {
      const int digit = std::clamp(static_cast<int>(static_cast<unsigned char>(text[i])), low - 1, high + 1);
      weight /= base;
      value += weight * (digit - low);
    }
    return value;
  }
};

Digits digits_of(std::string_view low, std::string_view high) {
  Digits digits;
  digits.include(low);
  digits.include(high);
  digits.widen('A', 'Z');
  digits.widen('a', 'z');
  digits.widen('0', '9');
  constexpr int kFewest = 9;
  return digits.high - digits.low < kFewest ? Digits{' ', 127} : digits;
}

char folded(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

}  // namespace

std::optional<double> position_of(std::string_view value, std::string_view base_type) {
  if (is_one_of(base_type, kNumbers)) {
    return number_of(value);
  }
  if (is_one_of(base_type, kTimes)) {
    return time_of(value);
  }
  if (base_type == "bool") {
    return value == "t" || value == "true" ? 1 : 0;
  }
  return std::nullopt;
}

int compare_values(std::string_view left, std::string_view right, std::string_view base_type) {
  if (base_type == "bpchar") {  // blanks at the end do not count
    left = left.substr(0, left.find_last_not_of(' ') + 1);
    right = right.substr(0, right.find_last_not_of(' ') + 1);
  }
  const auto one = position_of(left, base_type);
  const auto other = position_of(right, base_type);
  if (one && other) {
    return *one < *other ? -1 : *one > *other ? 1 : 0;
  }
  return left.compare(right);
}

double share_between(std::string_view value, std::string_view low, std::string_view high,
                     std::string_view base_type) {
  auto at = position_of(value, base_type);
  auto from = position_of(low, base_type);
  auto to = position_of(high, base_type);
  if (!at || !from || !to) {
    std::size_t skip = 0;
    while (skip < low.size() && skip < high.size() && low[skip] == high[skip]) {
      ++skip;
    }
    if (value.size() < skip || value.substr(0, skip) != low.substr(0, skip)) {
      return value < low ? 0 : 1;
    }
    const Digits digits = digits_of(low, high);
    at = digits.fraction(value, skip);
    from = digits.fraction(low, skip);
    to = digits.fraction(high, skip);
  }
  return *to > *from ? std::clamp((*at - *from) / (*to - *from), 0.0, 1.0) : 0.5;
}

bool like_matches(std::string_view pattern, std::string_view text, bool fold) {
  std::size_t p = 0;
  std::size_t t = 0;
  std::size_t star = std::string_view::npos;  // behind the last %, to come back to
  std::size_t from = 0;
  while (t < text.size()) {
    const bool escaped = p + 1 < pattern.size() && pattern[p] == '\\';
    const char wanted = escaped ? pattern[p + 1] : p < pattern.size() ? pattern[p] : '\0';
    if (!escaped && p < pattern.size() && wanted == '%') {
      star = ++p;
      from = t;
    } else if (p < pattern.size() && ((!escaped && wanted == '_') || wanted == text[t] ||
                                      (fold && folded(wanted) == folded(text[t])))) {
      p += escaped ? 2 : 1;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star;
      t = ++from;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '%') {
    ++p;
  }
  return p == pattern.size();
}

LikeParts like_parts(std::string_view pattern) {
  LikeParts parts;
  std::size_t at = 0;
  while (at < pattern.size() && pattern[at] != '%' && pattern[at] != '_') {
    at += pattern[at] == '\\' && at + 1 < pattern.size() ? 1 : 0;
    parts.prefix += pattern[at++];
  }
  parts.rest = pattern.substr(at);
  return parts;
}

std::optional<std::string> after_prefix(std::string prefix) {
  while (!prefix.empty() && static_cast<unsigned char>(prefix.back()) == 0xFF) {
    prefix.pop_back();
  }
  if (prefix.empty()) {
    return std::nullopt;
  }
  prefix.back() = static_cast<char>(static_cast<unsigned char>(prefix.back()) + 1);
  return prefix;
}

}  // namespace planwise::cost_model
