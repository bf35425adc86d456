// The answer to one query: values in text form, read by column name.
//
// Thread-compatible. Every text in it is valid UTF-8 without NUL, whatever the server's encoding is.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/base/units.h"

namespace planwise {

class TextRows;

// One row. Lives as long as the TextRows it comes from. NULL is nullopt, and so is a value of another kind
// than asked for. Asking for a column the query does not have is a defect and ends the program.
class TextRow {
 public:
  [[nodiscard]] std::optional<std::string> text(std::string_view column) const;
  [[nodiscard]] std::string text_or_empty(std::string_view column) const;
  [[nodiscard]] std::optional<std::int64_t> integer(std::string_view column) const;
  [[nodiscard]] std::optional<double> number(std::string_view column) const;  // finite ones only
  [[nodiscard]] std::optional<bool> boolean(std::string_view column) const;   // t, f; 1, 0; YES, NO
  [[nodiscard]] bool is_true(std::string_view column) const;                  // NULL is false
  // From microseconds since 1970, which is how planwise's queries hand times over.
  [[nodiscard]] std::optional<TimePoint> time(std::string_view column) const;
  [[nodiscard]] std::optional<Millis> millis(std::string_view column) const;
  [[nodiscard]] std::optional<Bytes> bytes(std::string_view column) const;

 private:
  friend class TextRows;
  TextRow(const TextRows& rows, std::size_t index) : rows_(&rows), index_(index) {}
  [[nodiscard]] std::optional<std::string_view> raw(std::string_view column) const;

  const TextRows* rows_;
  std::size_t index_;
};

class TextRows {
 public:
  TextRows() = default;
  explicit TextRows(std::vector<std::string> columns) : columns_(std::move(columns)) {}

  [[nodiscard]] std::size_t size() const noexcept {
    return columns_.empty() ? 0 : values_.size() / columns_.size();
  }
  [[nodiscard]] bool empty() const noexcept { return size() == 0; }
  [[nodiscard]] TextRow operator[](std::size_t index) const { return {*this, index}; }
  [[nodiscard]] const std::vector<std::string>& columns() const noexcept { return columns_; }
  [[nodiscard]] std::size_t bytes() const noexcept { return storage_.size(); }

  // Adds the next value, row by row in column order.
  void append(std::optional<std::string_view> value);

 private:
  friend class TextRow;
  struct Value {
    std::size_t at = 0;
    std::size_t length = 0;
    bool is_null = false;
  };

  std::vector<std::string> columns_;
  std::vector<Value> values_;
  std::string storage_;
};

}  // namespace planwise
