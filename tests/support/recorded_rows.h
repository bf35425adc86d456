// Rows that a server once answered, kept as JSON: an array of objects, a column each.
#pragma once

#include <set>
#include <span>
#include <string>
#include <vector>

#include "connectors/text_rows.h"

namespace planwise::test {

// The rows of tests/data/`file` with these columns; what an object does not have is NULL.
[[nodiscard]] TextRows recorded_rows(const std::string& file, const std::vector<std::string>& columns);
// The columns that the objects of the file have, in upper case.
[[nodiscard]] std::set<std::string> recorded_columns(const std::string& file);

}  // namespace planwise::test
