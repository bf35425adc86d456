#include "server/api/call.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstdlib>
#include <utility>

#include "analyzer/base/hash.h"

namespace planwise::api {
namespace {

std::optional<std::int64_t> parse_integer(std::string_view text) {
  std::int64_t value = 0;
  const auto [stop, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  return failure == std::errc{} && stop == text.data() + text.size() && !text.empty() ? std::optional(value)
                                                                                      : std::nullopt;
}

std::vector<std::string> split_words(std::string_view text) {
  std::vector<std::string> out;
  while (!text.empty()) {
    const auto comma = text.find(',');
    out.emplace_back(text.substr(0, comma));
    text.remove_prefix(comma == std::string_view::npos ? text.size() : comma + 1);
  }
  return out;
}

bool is_choice(const Parameter& parameter, std::string_view word) {
  return std::find(parameter.choices.begin(), parameter.choices.end(), word) != parameter.choices.end();
}

// Takes `count` digits from the front of `text`; nullopt where they are none.
std::optional<int> take_digits(std::string_view& text, std::size_t count) {
  const std::string_view digits = text.substr(0, count);
  const bool decimal = digits.size() == count &&
                       std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (!decimal) {
    return std::nullopt;
  }
  text.remove_prefix(count);
  return static_cast<int>(*parse_integer(digits));
}

bool take(std::string_view& text, std::string_view letters) {
  if (text.empty() || letters.find(text.front()) == std::string_view::npos) {
    return false;
  }
  text.remove_prefix(1);
  return true;
}

// "+02:00", "Z": what must be taken off to get UTC.
std::optional<std::chrono::minutes> take_offset(std::string_view& text) {
  if (take(text, "Zz")) {
    return std::chrono::minutes(0);
  }
  const bool behind = text.starts_with('-');
  if (!take(text, "+-")) {
    return std::nullopt;
  }
  const auto hours = take_digits(text, 2);
  const bool colon = take(text, ":");
  const auto minutes = take_digits(text, 2);
  if (!hours || !colon || !minutes || *hours > 23 || *minutes > 59) {
    return std::nullopt;
  }
  const std::chrono::minutes offset = std::chrono::hours(*hours) + std::chrono::minutes(*minutes);
  return behind ? -offset : offset;
}

}  // namespace

std::optional<TimePoint> parse_rfc3339(std::string_view text) {
  std::array<int, 6> numbers{};
  constexpr std::array<std::string_view, 6> kAfter{"-", "-", "Tt", ":", ":", ""};
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const auto number = take_digits(text, i == 0 ? 4 : 2);
    if (!number || (!kAfter.at(i).empty() && !take(text, kAfter.at(i)))) {
      return std::nullopt;
    }
    numbers.at(i) = *number;
  }
  std::chrono::microseconds fraction(0);
  if (take(text, ".")) {
    const auto end = text.find_first_not_of("0123456789");
    const std::string digits = std::string(text.substr(0, end)).substr(0, 6);
    if (digits.empty() || end == std::string_view::npos) {
      return std::nullopt;
    }
    fraction = std::chrono::microseconds(*parse_integer(digits + std::string(6 - digits.size(), '0')));
    text.remove_prefix(end);
  }
  const auto offset = take_offset(text);
  const std::chrono::year_month_day date{std::chrono::year{numbers[0]},
                                         std::chrono::month{static_cast<unsigned>(numbers[1])},
                                         std::chrono::day{static_cast<unsigned>(numbers[2])}};
  if (!offset || !text.empty() || !date.ok() || numbers[3] > 23 || numbers[4] > 59 || numbers[5] > 59) {
    return std::nullopt;
  }
  return TimePoint(std::chrono::sys_days(date)) + std::chrono::hours(numbers[3]) +
         std::chrono::minutes(numbers[4]) + std::chrono::seconds(numbers[5]) + fraction - *offset;
}

std::string fault_of(const Parameter& parameter, std::string_view value) {
  switch (parameter.type) {
    case ParameterType::kText:
      return value.size() <= static_cast<std::size_t>(parameter.max)
                 ? ""
                 : fmt::format("must be at most {} bytes long", parameter.max);
    case ParameterType::kInteger: {
      const auto number = parse_integer(value);
      return number && *number >= parameter.min && *number <= parameter.max
                 ? ""
                 : fmt::format("must be a number from {} to {}", parameter.min, parameter.max);
    }
    case ParameterType::kBoolean: return value == "true" || value == "false" ? "" : "must be true or false";
    case ParameterType::kChoice:
      return is_choice(parameter, value)
                 ? ""
                 : fmt::format("must be one of {}", fmt::join(parameter.choices, ", "));
    case ParameterType::kChoices: {
      const auto words = split_words(value);
      return std::all_of(words.begin(), words.end(),
                         [&](const auto& word) { return is_choice(parameter, word); })
                 ? ""
                 : fmt::format("must be one or more of {}, separated by commas",
                               fmt::join(parameter.choices, ", "));
    }
    case ParameterType::kTime:
      return parse_rfc3339(value) ? "" : "must be a time as in RFC 3339, for example 2026-01-31T12:00:00Z";
    case ParameterType::kId: {
      const auto number = parse_integer(value);
      return number && *number > 0 ? "" : "must be an id";
    }
    case ParameterType::kHex16: return parse_hex16(value) ? "" : "must be sixteen hexadecimal digits";
  }
  return "is not known";
}

std::variant<Call, Problem> Call::check(const Route& route, const std::vector<std::string>& captures,
                                        const RequestTarget& target, const Exchange& exchange) {
  Call call(exchange, target.path);
  for (std::size_t i = 0; i < route.path_parameters.size(); ++i) {
    if (!fault_of(route.path_parameters[i], captures.at(i)).empty()) {
      return Problem{.status = 404, .detail = "nothing has that id"};
    }
    call.values_.emplace(route.path_parameters[i].name, captures.at(i));
  }
  Problem problem{.status = 400, .detail = "a query parameter is not as it should be"};
  for (const auto& [name, value] : target.query) {
    const auto declared = std::ranges::find(route.query_parameters, name, &Parameter::name);
    if (declared == route.query_parameters.end()) {
      problem.errors.push_back({name, "is no parameter of this resource"});
    } else if (std::string fault = value.empty() ? "must not be empty" : fault_of(*declared, value);
               !fault.empty()) {
      problem.errors.push_back({name, std::move(fault)});
    } else {
      call.values_.emplace(name, value);
    }
  }
  for (const Parameter& parameter : route.query_parameters) {
    call.values_.emplace(parameter.name, "");
  }
  if (route.request_schema.empty() && !exchange.body.empty()) {
    return Problem{.status = 400, .detail = "this request takes no body"};
  }
  if (!problem.errors.empty()) {
    return problem;
  }
  return call;
}

const std::string& Call::text(std::string_view name) const {
  const auto at = values_.find(name);
  if (at == values_.end()) {
    std::abort();
  }
  return at->second;
}

std::int64_t Call::integer(std::string_view name, std::int64_t otherwise) const {
  return parse_integer(text(name)).value_or(otherwise);
}

std::vector<std::string> Call::words(std::string_view name) const {
  return split_words(text(name));
}

std::optional<TimePoint> Call::time(std::string_view name) const {
  return parse_rfc3339(text(name));
}

std::uint64_t Call::hex(std::string_view name) const {
  return parse_hex16(text(name)).value_or(0);
}

}  // namespace planwise::api
