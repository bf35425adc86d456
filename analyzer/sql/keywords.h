// The words of the SQL grammars that matter to quoting and to reading statements.
//
// All functions take any case and are pure.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "analyzer/model/engine.h"

namespace planwise {

// ASCII letters in lower case, every other byte as it is: how PostgreSQL folds an unquoted identifier.
[[nodiscard]] std::string lower_ascii(std::string_view text);
[[nodiscard]] std::string upper_ascii(std::string_view text);
[[nodiscard]] bool equals_ignoring_case(std::string_view text, std::string_view lower) noexcept;
[[nodiscard]] bool is_one_of(std::string_view text, std::span<const std::string_view> lower) noexcept;

// A name spelt like this must be quoted, in some version of the engine, to stand for a table or a column.
// Source: pg_get_keywords() of PostgreSQL 12 to 18, all but catcode U; "Keywords and Reserved Words" of the
// MySQL 5.7 to 9 manuals and "Reserved Words" of MariaDB's knowledge base, their union.
[[nodiscard]] bool must_be_quoted(std::string_view word, Engine engine);

// A word of the grammar that is printed in capitals (SELECT, WHERE, JOIN): reserved words that are no
// function, type or value, and the unreserved ones that open a clause.
[[nodiscard]] bool is_clause_word(std::string_view word);

}  // namespace planwise
