#include "connectors/text_rows.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdlib>

#include "analyzer/base/text.h"

namespace planwise {
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

void TextRows::append(std::optional<std::string_view> value) {
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

std::optional<std::string_view> TextRow::raw(std::string_view column) const {
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

std::optional<std::string> TextRow::text(std::string_view column) const {
  const auto value = raw(column);
  return value ? std::optional<std::string>(*value) : std::nullopt;
}

std::string TextRow::text_or_empty(std::string_view column) const {
  return std::string(raw(column).value_or(std::string_view{}));
}

std::optional<std::int64_t> TextRow::integer(std::string_view column) const {
  return parsed<std::int64_t>(raw(column));
}

std::optional<double> TextRow::number(std::string_view column) const {
  const auto value = parsed<double>(raw(column));
  return value && std::isfinite(*value) ? value : std::nullopt;
}

std::optional<bool> TextRow::boolean(std::string_view column) const {
  const auto value = raw(column);
  if (value == "t" || value == "1" || value == "YES") {
    return true;
  }
  return value == "f" || value == "0" || value == "NO" ? std::optional(false) : std::nullopt;
}

bool TextRow::is_true(std::string_view column) const {
  return boolean(column).value_or(false);
}

std::optional<TimePoint> TextRow::time(std::string_view column) const {
  const auto value = integer(column);
  return value ? std::optional(TimePoint(std::chrono::microseconds(*value))) : std::nullopt;
}

std::optional<Millis> TextRow::millis(std::string_view column) const {
  const auto value = number(column);
  return value ? std::optional(Millis(*value)) : std::nullopt;
}

std::optional<Bytes> TextRow::bytes(std::string_view column) const {
  const auto value = integer(column);
  return value ? std::optional(Bytes{*value}) : std::nullopt;
}

}  // namespace planwise
