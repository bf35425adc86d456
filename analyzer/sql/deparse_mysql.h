// Expressions of a parse tree as text that MySQL takes in CREATE INDEX.
#pragma once

#include <optional>
#include <string>

#include "analyzer/sql/parse_tree.h"

namespace planwise {

// "lower(email)", "(data ->> '$.k')", "CAST(created_at AS date)": columns without their qualifiers. nullopt
// for what a functional index cannot hold (sub-queries, aggregates, windows, variables) and for what this
// subset does not spell. Source: "Functional Key Parts" in CREATE INDEX of MySQL's manual.
[[nodiscard]] std::optional<std::string> deparse_mysql(const parse_tree::Node& node);

// "decimal(10,2)", "char(5)", "unsigned", in lower case.
[[nodiscard]] std::string mysql_type_text(const parse_tree::Node& type_name);

}  // namespace planwise
