// The SELECT that finds the rows a statement would write or lock.
//
// EXPLAIN checks privileges as execution does, so a login that may only read gets no plan for UPDATE, DELETE,
// INSERT or SELECT ... FOR UPDATE. Which rows they touch, and how these are found, does not hang on that:
// their read form has the same tables and conditions.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace planwise::pg {

// `UPDATE t SET ... FROM u WHERE c` and `DELETE FROM t USING u WHERE c` become `SELECT 1 FROM t, u WHERE c`,
// `INSERT ... SELECT` its query; row locks are left out at every depth, parameters that are left numbered
// anew. nullopt where nothing is read (INSERT ... VALUES), where the form is not known (MERGE) or the text is
// no such statement. Works on tokens.
[[nodiscard]] std::optional<std::string> read_form(std::string_view sql);

}  // namespace planwise::pg
