// The lines of a described database that make its catalogue: tables, columns, indexes, keys, sequences.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "analyzer/model/snapshot.h"

namespace planwise::test {

// When every described database was read.
[[nodiscard]] TimePoint reading();
[[nodiscard]] TimePoint before(TimePoint time, Millis age);
[[nodiscard]] std::int64_t whole(double value);
[[nodiscard]] std::optional<std::int64_t> whole(std::optional<double> value);
// The words from the given position on.
[[nodiscard]] std::vector<std::string> after(const std::vector<std::string>& words, std::size_t count);
// What stands before and after the separator, trimmed; nothing after where there is none.
[[nodiscard]] std::pair<std::string, std::string> cut(const std::string& text, std::string_view separator);

// `table ...` and the indented lines below it: columns and CREATE INDEX.
void add_table(const std::vector<std::string>& words, const std::vector<std::string>& below,
               Snapshot& snapshot);
void add_foreign_key(const std::vector<std::string>& words, Snapshot& snapshot);
void add_sequence(const std::vector<std::string>& words, Snapshot& snapshot);

}  // namespace planwise::test
