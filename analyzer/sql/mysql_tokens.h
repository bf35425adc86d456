// The tokens of one MySQL or MariaDB statement, with what a parser wants to know ahead.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/model/engine.h"
#include "analyzer/sql/lexer.h"

namespace planwise {

struct MySqlToken {
  TokenKind kind = TokenKind::kEnd;
  std::string_view text;
  std::size_t begin = 0;
  std::size_t partner = 0;   // of a parenthesis: the index of the one that closes or opens it; 0 without one
  bool opens_query = false;  // a parenthesis around a SELECT, VALUES, WITH or TABLE, and what follows it
  bool qualified = false;    // stands after a dot: a name, whatever the word
};

// The statement's tokens and one of kind kEnd. Linear.
[[nodiscard]] std::vector<MySqlToken> mysql_tokens(std::string_view sql, Engine engine, SqlModes modes);

// The token is this word (in lower case here, in any case there), unquoted and unqualified.
[[nodiscard]] bool is_word(const MySqlToken& token, std::string_view lower);
[[nodiscard]] bool is_word_of(const MySqlToken& token, std::span<const std::string_view> lower);
// The token is this punctuation or operator.
[[nodiscard]] bool is_mark(const MySqlToken& token, std::string_view mark);

// A word that names nothing unless it is quoted, in all releases. What only some reserve (RANK, GROUPS,
// SYSTEM) may be a name: texts come from all of them.
[[nodiscard]] bool is_reserved(const MySqlToken& token);
// A quoted name, or a word that may be a name.
[[nodiscard]] bool is_name(const MySqlToken& token);
// A word that may be a name, but not an alias without AS: it begins a clause.
[[nodiscard]] bool begins_clause(const MySqlToken& token);

// The name that a word or a quoted name spells.
[[nodiscard]] std::string unquoted_name(std::string_view text);

}  // namespace planwise
