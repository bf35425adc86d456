// Fields of EXPLAIN documents, whatever their type turns out to be.
//
// Nothing here fails: what is absent or of another type is nullopt or empty.
#pragma once

#include <simdjson.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace planwise::explain {

using simdjson::dom::array;
using simdjson::dom::element;
using simdjson::dom::object;

// A number, or MySQL's number in a string ("98133.43"); finite.
inline std::optional<double> as_number(const element& from) {
  double value = 0;
  if (from.get_double().get(value) != simdjson::SUCCESS) {
    std::string_view text;
    if (from.get_string().get(text) != simdjson::SUCCESS) {
      return std::nullopt;
    }
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size()) {
      return std::nullopt;
    }
  }
  return std::isfinite(value) ? std::optional(value) : std::nullopt;
}

inline std::optional<double> number(const object& from, std::string_view key) {
  element found;
  return from[key].get(found) == simdjson::SUCCESS ? as_number(found) : std::nullopt;
}

inline std::string_view text(const object& from, std::string_view key) {
  std::string_view value;
  return from[key].get_string().get(value) == simdjson::SUCCESS ? value : std::string_view{};
}

inline bool has(const object& from, std::string_view key) {
  return from[key].error() == simdjson::SUCCESS;
}

// true, or MariaDB's 1.
inline bool is_true(const object& from, std::string_view key) {
  bool value = false;
  return from[key].get_bool().get(value) == simdjson::SUCCESS ? value : number(from, key).value_or(0) == 1;
}

inline std::optional<object> object_at(const object& from, std::string_view key) {
  object value;
  return from[key].get_object().get(value) == simdjson::SUCCESS ? std::optional(value) : std::nullopt;
}

// The strings of the array at `key`; other items are left out.
inline std::vector<std::string_view> texts(const object& from, std::string_view key) {
  std::vector<std::string_view> found;
  array items;
  if (from[key].get_array().get(items) == simdjson::SUCCESS) {
    for (const element item : items) {
      std::string_view entry;
      if (item.get_string().get(entry) == simdjson::SUCCESS) {
        found.push_back(entry);
      }
    }
  }
  return found;
}

// Calls use(object) for each object in the array at `key`, if there is one.
template <class Use>
void for_each_object(const object& from, std::string_view key, Use use) {
  array items;
  if (from[key].get_array().get(items) != simdjson::SUCCESS) {
    return;
  }
  for (const element item : items) {
    object entry;
    if (item.get_object().get(entry) == simdjson::SUCCESS) {
      use(entry);
    }
  }
}

inline std::size_t parts_in(const object& from) {
  std::size_t objects = 0;
  for (const simdjson::dom::key_value_pair member : from) {
    objects += member.value.is_object() ? 1U : 0U;
  }
  return objects;
}

template <class Quantity>
std::optional<Quantity> quantity(std::optional<double> value) {
  return value ? std::optional(Quantity{*value}) : std::nullopt;
}

// Row counts multiply along a plan; beyond this they say nothing. Source: MAXIMUM_ROWCOUNT in PostgreSQL's
// costsize.c.
inline double clamped_rows(double rows) {
  return std::clamp(rows, 0.0, 1e100);
}

}  // namespace planwise::explain
