// What words of MySQL's and MariaDB's statements are the same as, so that a digest, a log and a client's text
// of one statement agree.
#pragma once

#include <string>
#include <string_view>

#include "analyzer/model/engine.h"

namespace planwise {

// A word that names nothing unless it is quoted, in all releases of either server.
[[nodiscard]] bool is_always_reserved(std::string_view word);

// The word that stands for all its synonyms: "distinct" for "distinctrow", "day" for "sql_tsi_day"; the word
// itself where it has none. `lower` is in lower case; `called`: a parenthesis follows, as some are synonyms
// only where they are functions. Source: the tokens that lex.h of either server names more than once; the
// digest prints one of them for all.
[[nodiscard]] std::string_view without_synonyms(std::string_view lower, bool called);

// A name in backticks that needs none, without them; everything else as it is.
[[nodiscard]] std::string_view without_needless_quotes(std::string_view quoted, Engine engine);

// What a word, a variable or a name is the same as: without case, synonyms and needless quotes, with one
// spelling for all user variables, as digests print `@?` for them. `introduces`: a string follows, so that
// `_utf8mb4` says its character set.
[[nodiscard]] std::string mysql_key(std::string_view word, bool called, bool introduces);

}  // namespace planwise
