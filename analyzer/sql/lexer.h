// Tokens of PostgreSQL and MySQL statements, from any bytes.
//
// Linear in the length of the text; never fails, never throws, never recurses. What is not closed (a string,
// a quoted name, a comment) ends with the text. Comments and white space are no tokens; the body of a MySQL
// version comment is.
//
// Sources: "Lexical Structure" in PostgreSQL's manual and scan.l; "Language Structure" in MySQL's manual and
// sql_lex.cc; "Comment Syntax" in MariaDB's. Assumes standard_conforming_strings = on.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "analyzer/model/engine.h"

namespace planwise {

enum class TokenKind : std::uint8_t {
  kEnd,
  kWord,        // a keyword or an unquoted name; MySQL's @variables too
  kQuotedName,  // "..." on PostgreSQL (U&"..." too), `...` on MySQL
  kString,  // every quoted literal with its prefix; pieces that the server joins are one token on PostgreSQL
  kNumber,
  kParameter,  // $1, ?, :name; the `...` that MySQL's digests put for a list
  kOperator,
  kPunctuation,  // ( ) [ ] , ; . : ::
};

struct Token {
  TokenKind kind = TokenKind::kEnd;
  std::size_t begin = 0;
  std::size_t end = 0;
  bool operand = false;  // stands where an expression begins: a sign here belongs to its number
};

// The parts of MySQL's sql_mode that change how a text is read. Off by default, as the servers have them.
struct SqlModes {
  bool ansi_quotes = false;           // "x" is a name
  bool pipes_as_concat = false;       // || joins strings; else it is OR
  bool no_backslash_escapes = false;  // \ in a string is a character as any other
};

// Not thread-safe. The text must outlive it.
class Lexer {
 public:
  Lexer(std::string_view sql, Engine engine, SqlModes modes = {})
      : sql_(sql), engine_(engine), postgres_(engine == Engine::kPostgres), modes_(modes) {}

  // The next token; kEnd again and again at the end.
  [[nodiscard]] Token next();
  [[nodiscard]] std::string_view text(const Token& token) const {
    return sql_.substr(token.begin, token.end - token.begin);
  }

 private:
  [[nodiscard]] char at(std::size_t offset) const {
    return at_ + offset < sql_.size() ? sql_[at_ + offset] : '\0';
  }
  [[nodiscard]] bool starts(std::string_view text) const { return sql_.substr(at_).starts_with(text); }
  void skip_blanks();
  void skip_block_comment();
  [[nodiscard]] bool open_version_comment();
  [[nodiscard]] TokenKind read();
  [[nodiscard]] bool read_digest_mark();
  [[nodiscard]] TokenKind read_word();
  [[nodiscard]] TokenKind read_number();
  [[nodiscard]] TokenKind read_punctuation();
  [[nodiscard]] TokenKind read_postgres_operator();
  [[nodiscard]] TokenKind read_mysql_operator();
  [[nodiscard]] bool read_string_with_prefix();
  [[nodiscard]] bool read_dollar_quoted();
  void read_quoted(char quote, bool backslash_escapes);
  void read_continued_string(bool backslash_escapes);
  [[nodiscard]] bool expects_operand_after(const Token& token) const;

  std::string_view sql_;
  Engine engine_;
  bool postgres_;
  SqlModes modes_;
  std::size_t at_ = 0;
  bool in_version_comment_ = false;
  bool operand_ = true;  // an operand is expected here
};

// The statements of a file, each without its `;` and the comments before it; empty ones left out. A `;`
// inside quotes, comments or parentheses does not end one. The views point into `sql`.
[[nodiscard]] std::vector<std::string_view> split_statements(std::string_view sql, Engine engine);

// How many tokens of `sql` can make a parse tree deeper: operators, casts, parentheses, joins, set
// operations, AND, OR, NOT, CASE. A recursive parser is only given texts with a bounded number of them.
[[nodiscard]] std::size_t count_depth_makers(std::string_view sql, Engine engine);

}  // namespace planwise
