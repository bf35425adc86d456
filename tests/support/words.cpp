#include "tests/support/words.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <stdexcept>
#include <utility>

namespace planwise::test {
namespace {

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts(1);
  int depth = 0;
  char quote = 0;
  for (const char c : text) {
    if (quote != 0) {
      quote = c == quote ? char{0} : quote;
    } else if (c == '"' || c == '\'') {
      quote = c;
    } else {
      depth += c == '(' ? 1 : c == ')' ? -1 : 0;
    }
    if (c == separator && depth == 0 && quote == 0) {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  return parts;
}

// A number with the unit that follows it, by a table of units.
template <std::size_t kCount>
double with_unit(std::string_view text,
                 const std::array<std::pair<std::string_view, double>, kCount>& units) {
  double value = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, failure] = std::from_chars(text.data(), end, value);
  const std::string_view unit(stop, static_cast<std::size_t>(end - stop));
  const auto* const at = std::ranges::find(units, unit, [](const auto& one) { return one.first; });
  if (failure != std::errc{} || at == units.end()) {
    throw std::runtime_error("not a quantity: " + std::string(text));
  }
  return value * at->second;
}

}  // namespace

std::vector<std::string> words_of(std::string_view line) {
  std::vector<std::string> words = split(line, ' ');
  std::erase(words, "");
  return words;
}

std::vector<std::string> comma_list(std::string_view text) {
  std::vector<std::string> parts;
  for (const std::string& part : split(text, ',')) {
    parts.push_back(trimmed(part));
  }
  return parts;
}

std::string trimmed(std::string_view text) {
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.front())) != 0) {
    text.remove_prefix(1);
  }
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.back())) != 0) {
    text.remove_suffix(1);
  }
  return std::string(text);
}

std::string unwrapped(std::string_view text) {
  return text.starts_with('(') && text.ends_with(')') ? std::string(text.substr(1, text.size() - 2))
                                                      : std::string(text);
}

std::string identifier(std::string_view text) {
  std::string name;
  if (!text.starts_with('"')) {
    for (const char c : text) {
      name += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    }
    return name;
  }
  for (std::size_t i = 1; i + 1 < text.size(); ++i) {
    name += text[i];
    i += text[i] == '"' ? 1U : 0U;
  }
  return name;
}

TableName table_name(std::string_view text) {
  const std::vector<std::string> parts = split(text, '.');
  return parts.size() == 1 ? TableName{"public", identifier(parts[0])}
                           : TableName{identifier(parts[0]), identifier(parts[1])};
}

double number(std::string_view text) {
  return with_unit(text, std::array<std::pair<std::string_view, double>, 1>{{{"", 1}}});
}

Bytes size(std::string_view text) {
  static constexpr std::array<std::pair<std::string_view, double>, 4> kUnits{
      {{"", 1}, {"kB", 1024.0}, {"MB", 1024.0 * 1024}, {"GB", 1024.0 * 1024 * 1024}}};
  return Bytes{static_cast<std::int64_t>(with_unit(text, kUnits))};
}

Millis duration(std::string_view text) {
  static constexpr std::array<std::pair<std::string_view, double>, 5> kUnits{
      {{"ms", 1}, {"s", 1000}, {"min", 60'000}, {"h", 3'600'000}, {"d", 86'400'000}}};
  return Millis{with_unit(text, kUnits)};
}

Attributes::Attributes(const std::vector<std::string>& words) {
  for (const std::string& word : words) {
    const std::size_t equals = word.find('=');
    left_[word.substr(0, equals)] = equals == std::string::npos ? "" : word.substr(equals + 1);
  }
}

std::optional<std::string> Attributes::text(const std::string& key) {
  const auto at = left_.find(key);
  if (at == left_.end()) {
    return std::nullopt;
  }
  std::string value = at->second;
  left_.erase(at);
  return value;
}

std::optional<double> Attributes::number(const std::string& key) {
  const auto value = text(key);
  return value ? std::optional(test::number(*value)) : std::nullopt;
}

std::optional<Bytes> Attributes::size(const std::string& key) {
  const auto value = text(key);
  return value ? std::optional(test::size(*value)) : std::nullopt;
}

std::optional<Millis> Attributes::duration(const std::string& key) {
  const auto value = text(key);
  return value ? std::optional(test::duration(*value)) : std::nullopt;
}

bool Attributes::flag(const std::string& key) {
  return text(key).has_value();
}

void Attributes::done() const {
  if (!left_.empty()) {
    throw std::runtime_error("unknown attribute: " + left_.begin()->first);
  }
}

}  // namespace planwise::test
