// The answer to one query of PostgreSQL, and the arrays in it.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/text_rows.h"

namespace planwise::pg {

using Row = TextRow;
using Rows = TextRows;

// A one-dimensional array of any type in the server's text form, its NULLs left out; nullopt for NULL.
[[nodiscard]] std::optional<std::vector<std::string>> array_of(const Row& row, std::string_view column);

// The elements of a one-dimensional array as array_out() prints it ("{a,\"b c\",NULL}"), NULLs left out;
// nullopt for anything else. Source: PostgreSQL manual, section 8.15.6 "Array Input and Output Syntax".
[[nodiscard]] std::optional<std::vector<std::string>> parse_array(std::string_view text);
// The inverse, every element quoted.
[[nodiscard]] std::string array_text(std::span<const std::string> elements);

}  // namespace planwise::pg
