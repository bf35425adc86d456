// The answer to one query: values in text form, read by column name.
//
// Thread-compatible. Every text in it is valid UTF-8 without NUL, whatever the server's encoding is.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/base/units.h"

namespace planwise::pg {

class Rows;

// One row. Lives as long as the Rows it comes from. NULL is nullopt, and so is a value of another kind than
// asked for. Asking for a column the query does not have is a defect and ends the program.
class Row {
 public:
  [[nodiscard]] std::optional<std::string> text(std::string_view column) const;
  [[nodiscard]] std::string text_or_empty(std::string_view column) const;
  [[nodiscard]] std::optional<std::int64_t> integer(std::string_view column) const;
  [[nodiscard]] std::optional<double> number(std::string_view column) const;  // finite ones only
  [[nodiscard]] std::optional<bool> boolean(std::string_view column) const;
  [[nodiscard]] bool is_true(std::string_view column) const;  // NULL is false
  // From microseconds since 1970, which is how planwise's queries hand times over.
  [[nodiscard]] std::optional<TimePoint> time(std::string_view column) const;
  [[nodiscard]] std::optional<Millis> millis(std::string_view column) const;
  [[nodiscard]] std::optional<Bytes> bytes(std::string_view column) const;
  // A one-dimensional array of any type in the server's text form, its NULLs left out.
  [[nodiscard]] std::optional<std::vector<std::string>> array(std::string_view column) const;

 private:
  friend class Rows;
  Row(const Rows& rows, std::size_t index) : rows_(&rows), index_(index) {}
  [[nodiscard]] std::optional<std::string_view> raw(std::string_view column) const;

  const Rows* rows_;
  std::size_t index_;
};

class Rows {
 public:
  Rows() = default;
  explicit Rows(std::vector<std::string> columns) : columns_(std::move(columns)) {}

  [[nodiscard]] std::size_t size() const noexcept {
    return columns_.empty() ? 0 : values_.size() / columns_.size();
  }
  [[nodiscard]] bool empty() const noexcept { return size() == 0; }
  [[nodiscard]] Row operator[](std::size_t index) const { return {*this, index}; }
  [[nodiscard]] const std::vector<std::string>& columns() const noexcept { return columns_; }
  [[nodiscard]] std::size_t bytes() const noexcept { return storage_.size(); }

  // Adds the next value, row by row in column order.
  void append(std::optional<std::string_view> value);

 private:
  friend class Row;
  struct Value {
    std::size_t at = 0;
    std::size_t length = 0;
    bool is_null = false;
  };

  std::vector<std::string> columns_;
  std::vector<Value> values_;
  std::string storage_;
};

// The elements of a one-dimensional array as array_out() prints it ("{a,\"b c\",NULL}"), NULLs left out;
// nullopt for anything else. Source: PostgreSQL manual, section 8.15.6 "Array Input and Output Syntax".
[[nodiscard]] std::optional<std::vector<std::string>> parse_array(std::string_view text);
// The inverse, every element quoted.
[[nodiscard]] std::string array_text(std::span<const std::string> elements);

}  // namespace planwise::pg
