// Expressions of a parse tree as text that PostgreSQL takes in CREATE INDEX.
#pragma once

#include <optional>
#include <string>
#include <vector>
#include <string_view>

#include "analyzer/model/engine.h"
#include "analyzer/sql/parse_tree.h"

namespace planwise {

// "lower(email)", "(data ->> 'k')", "(created_at)::date": columns without their qualifiers. nullopt for what
// an index expression cannot hold (sub-queries, aggregates, windows) and for what this subset does not spell.
[[nodiscard]] std::optional<std::string> deparse_postgres(const parse_tree::Node& node);

// "numeric(10,2)", "timestamp with time zone", "text[]": as format_type() spells it.
[[nodiscard]] std::string type_text(const parse_tree::Node& type_name);

// A ColumnRef without its qualifiers, quoted; nullopt for a star.
[[nodiscard]] std::optional<std::string> column_text(const parse_tree::Node& column, Engine engine);

// All with ", " between; nullopt where `deparse` has nothing to say of one.
[[nodiscard]] std::optional<std::string> list_text(
    const std::vector<parse_tree::Node>& nodes,
    std::optional<std::string> (*deparse)(const parse_tree::Node& node));

// The operator of an A_Expr: "->>"; without its schema.
[[nodiscard]] std::string operator_text(const parse_tree::Node& expression);

// "lower", "app.f"; pg_catalog is left out, the grammar puts it before functions with a syntax of their own.
[[nodiscard]] std::string function_text(const parse_tree::Node& call);

// An A_Const as SQL: "'x'", "5", "true", "NULL".
[[nodiscard]] std::string constant_text(const parse_tree::Node& constant);

}  // namespace planwise
