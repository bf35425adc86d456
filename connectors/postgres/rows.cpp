#include "connectors/postgres/rows.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdlib>

#include "analyzer/base/text.h"

namespace planwise::pg {
namespace {

template <class Number>
std::optional<Number> parsed(std::optional<std::string_view> text) {
  if (!text || text->empty()) {
    return std::nullopt;
  }
  Number value{};
  const char* const end = text->data() + text->size();
  const auto [stop, failure] = std::from_chars(text->data(), end, value);
  return failure == std::errc{} && stop == end ? std::optional(value) : std::nullopt;
}

bool is_plain_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char letter) { return static_cast<signed char>(letter) > 0; });
}

}  // namespace

void Rows::append(std::optional<std::string_view> value) {
  const std::size_t at = storage_.size();
  if (value) {
    if (is_plain_ascii(*value)) {
      storage_ += *value;
    } else {
      storage_ += valid_utf8(*value);
    }
  }
  values_.push_back({at, storage_.size() - at, !value});
}

std::optional<std::string_view> Row::raw(std::string_view column) const {
  const auto& columns = rows_->columns_;
  const auto found = std::ranges::find(columns, column);
  if (found == columns.end() || index_ >= rows_->size()) {
    std::abort();
  }
  const auto& value =
      rows_->values_[index_ * columns.size() + static_cast<std::size_t>(found - columns.begin())];
  if (value.is_null) {
    return std::nullopt;
  }
  return std::string_view(rows_->storage_).substr(value.at, value.length);
}

std::optional<std::string> Row::text(std::string_view column) const {
  const auto value = raw(column);
  return value ? std::optional<std::string>(*value) : std::nullopt;
}

std::string Row::text_or_empty(std::string_view column) const {
  return std::string(raw(column).value_or(std::string_view{}));
}

std::optional<std::int64_t> Row::integer(std::string_view column) const {
  return parsed<std::int64_t>(raw(column));
}

std::optional<double> Row::number(std::string_view column) const {
  const auto value = parsed<double>(raw(column));
  return value && std::isfinite(*value) ? value : std::nullopt;
}

std::optional<bool> Row::boolean(std::string_view column) const {
  const auto value = raw(column);
  return value == "t" ? std::optional(true) : value == "f" ? std::optional(false) : std::nullopt;
}

bool Row::is_true(std::string_view column) const {
  return boolean(column).value_or(false);
}

std::optional<TimePoint> Row::time(std::string_view column) const {
  const auto value = integer(column);
  return value ? std::optional(TimePoint(std::chrono::microseconds(*value))) : std::nullopt;
}

std::optional<Millis> Row::millis(std::string_view column) const {
  const auto value = number(column);
  return value ? std::optional(Millis(*value)) : std::nullopt;
}

std::optional<Bytes> Row::bytes(std::string_view column) const {
  const auto value = integer(column);
  return value ? std::optional(Bytes{*value}) : std::nullopt;
}

std::optional<std::vector<std::string>> Row::array(std::string_view column) const {
  const auto value = raw(column);
  return value ? parse_array(*value) : std::nullopt;
}

std::optional<std::vector<std::string>> parse_array(std::string_view text) {
  // A lower bound other than 1 is printed first: "[0:2]={...}".
  if (text.starts_with('[')) {
    const std::size_t equals = text.find('=');
    if (equals == std::string_view::npos) {
      return std::nullopt;
    }
    text.remove_prefix(equals + 1);
  }
  if (text.size() < 2 || text.front() != '{' || text.back() != '}') {
    return std::nullopt;
  }
  text = text.substr(1, text.size() - 2);
  std::vector<std::string> elements;
  std::size_t at = 0;
  while (at < text.size()) {
    std::string element;
    const bool is_quoted = text[at] == '"';
    if (is_quoted) {
      ++at;
      while (at < text.size() && text[at] != '"') {
        if (text[at] == '\\' && at + 1 < text.size()) {
          ++at;
        }
        element += text[at++];
      }
      if (at == text.size()) {
        return std::nullopt;
      }
      ++at;
    } else {
      while (at < text.size() && text[at] != ',') {
        if (text[at] == '{' || text[at] == '}') {  // more than one dimension
          return std::nullopt;
        }
        element += text[at++];
      }
    }
    if (at < text.size() && text[at++] != ',') {
      return std::nullopt;
    }
    if (is_quoted || element != "NULL") {
      elements.push_back(std::move(element));
    }
  }
  return elements;
}

std::string array_text(std::span<const std::string> elements) {
  std::string text = "{";
  for (const std::string& element : elements) {
    text += text.size() > 1 ? ",\"" : "\"";
    for (const char c : element) {
      if (c == '"' || c == '\\') {
        text += '\\';
      }
      text += c;
    }
    text += '"';
  }
  return text + "}";
}

}  // namespace planwise::pg
