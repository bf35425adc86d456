// The identity of a statement, and its text without anything a user typed as a value.
//
// Linear in the length of the text, never fails, never throws: any bytes give an answer. Two texts that
// differ only in literals, parameters, IN-list and VALUES lengths, comments, white space or case of keywords
// and unquoted identifiers are equal.
#pragma once

#include <string>
#include <string_view>

#include "analyzer/model/engine.h"
#include "analyzer/model/statement.h"

namespace planwise {

struct Normalised {
  StatementId id;
  std::string
      text;  // literals became `?`-free `$n` on PostgreSQL (numbers kept where the text has them) and `?` on
             // MySQL; comments gone, white space single; valid UTF-8. Still valid SQL where the input was.
};

[[nodiscard]] Normalised normalise(std::string_view sql, Engine engine);

// Every literal of an expression or error text masked (`'?'`, `?`): for plan conditions, check constraints,
// messages.
[[nodiscard]] std::string masked(std::string_view text, Engine engine);

}  // namespace planwise
