#include "analyzer/sql/lexer.h"

#include <algorithm>
#include <array>

#include "analyzer/sql/keywords.h"

namespace planwise {
namespace {

using namespace std::string_view_literals;

// Control characters count as white space, so that none reaches a normalised text.
bool is_blank(char c) {
  return static_cast<unsigned char>(c) <= 0x20 || c == 0x7F;
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_hex(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}
bool starts_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}
bool continues_name(char c) {
  return starts_name(c) || is_digit(c) || c == '$';
}
bool is_postgres_operator(char c) {
  return "~!@#^&|`?+-*/%<>="sv.find(c) != std::string_view::npos;
}

// Longest first. Source: the operators of MySQL's lexer that have more than one character.
constexpr std::array kMySqlOperators{"<=>"sv, "->>"sv, "<<"sv, ">>"sv, "<="sv, ">="sv,
                                     "<>"sv,  "!="sv,  ":="sv, "||"sv, "&&"sv, "->"sv};

// Words that complete an expression, though the grammar reserves them; after every other clause word one
// begins.
constexpr std::array kValueWords{"all"sv,    "asc"sv,   "desc"sv, "end"sv,
                                 "exists"sv, "false"sv, "null"sv, "true"sv};
constexpr std::array kOpeningWords{"call"sv,   "default"sv,   "div"sv, "mod"sv,
                                   "return"sv, "separator"sv, "to"sv};

}  // namespace

Token Lexer::next() {
  skip_blanks();
  Token token{.begin = at_, .operand = operand_};
  if (at_ < sql_.size()) {
    token.kind = read();
  }
  token.end = at_;
  operand_ = expects_operand_after(token);
  return token;
}

void Lexer::skip_blanks() {
  for (;;) {
    while (at_ < sql_.size() && is_blank(sql_[at_])) {
      ++at_;
    }
    // MySQL wants a blank after the dashes: `5--1` is a difference.
    const bool dashes = starts("--") && (postgres_ || is_blank(at(2)));
    if (dashes || (!postgres_ && at(0) == '#')) {
      at_ = std::min(sql_.find('\n', at_), sql_.size());
    } else if (starts("/*")) {
      skip_block_comment();
    } else if (in_version_comment_ && starts("*/")) {
      in_version_comment_ = false;
      at_ += 2;
    } else {
      return;
    }
  }
}

// The body of `/*!40101 ... */` is code where the server's release has that version, and `/*M!` is MariaDB's
// own spelling. The release is not known here: every version is taken to be there but those that no release
// of the engine runs. Source: lex_one_token() in sql_lex.cc of either.
bool Lexer::open_version_comment() {
  const bool of_mariadb = starts("/*M!");
  if (postgres_ || !(of_mariadb || starts("/*!"))) {
    return false;
  }
  const std::size_t head = of_mariadb ? 4 : 3;
  std::size_t digits = 0;
  int version = 0;
  for (; digits < 6 && is_digit(at(head + digits)); ++digits) {
    version = version * 10 + (at(head + digits) - '0');
  }
  if (digits < 5) {  // no version: always code
    digits = 0;
    version = 0;
  }
  constexpr int kNoMySql = 99'999;
  constexpr int kNoMariaDb = 200'000;
  constexpr int kOnlyMySql = 50'700;
  const bool code = engine_ == Engine::kMySql
                        ? !of_mariadb && version < kNoMySql
                        : version < kNoMariaDb && (of_mariadb || version < kOnlyMySql || version > kNoMySql);
  if (code) {
    at_ += head + digits;
    in_version_comment_ = true;
  }
  return code;
}

void Lexer::skip_block_comment() {
  const bool version = !postgres_ && (starts("/*!") || starts("/*M!"));
  if (open_version_comment()) {
    return;
  }
  at_ += 2;
  for (int depth = 1; depth > 0 && at_ < sql_.size();) {
    // PostgreSQL nests them; a version comment that is not code may hold plain ones.
    const bool opens = (postgres_ || (version && depth == 1)) && starts("/*");
    const bool closes = starts("*/");
    depth += opens ? 1 : closes ? -1 : 0;
    at_ += opens || closes ? 2 : 1;
  }
}

TokenKind Lexer::read() {
  const char c = at(0);
  const char before = at_ > 0 ? sql_[at_ - 1] : ' ';
  const bool qualified = before == '.' || (!postgres_ && (continues_name(before) || before == '`'));
  if (is_digit(c) || (c == '.' && is_digit(at(1)) && !qualified)) {
    return read_number();
  }
  if (read_string_with_prefix()) {
    return TokenKind::kString;
  }
  if (!postgres_ && (c == '@' || c == '(') && read_digest_mark()) {
    return sql_[at_ - 1] == ')' && sql_[at_ - 2] == 'n' ? TokenKind::kParameter : TokenKind::kWord;
  }
  if (!postgres_ && c == '@' && operand_ && (at(1) == '`' || at(1) == '\'' || at(1) == '"')) {
    ++at_;
    read_quoted(at(0), at(0) != '`' && !modes_.no_backslash_escapes);
    return TokenKind::kWord;
  }
  if (starts_name(c) || (!postgres_ && (c == '$' || (c == '@' && (at(1) == '@' || continues_name(at(1))))))) {
    return read_word();
  }
  if (postgres_ && c == '$') {
    if (is_digit(at(1))) {
      ++at_;
      while (is_digit(at(0))) {
        ++at_;
      }
      return TokenKind::kParameter;
    }
    if (read_dollar_quoted()) {
      return TokenKind::kString;
    }
  }
  if ((c == '"' && (postgres_ || modes_.ansi_quotes)) || (c == '`' && !postgres_)) {
    read_quoted(c, false);
    return TokenKind::kQuotedName;
  }
  if (c == '?' && (!postgres_ || operand_)) {
    ++at_;
    return TokenKind::kParameter;
  }
  if (c == ':' && operand_ && starts_name(at(1))) {
    ++at_;
    static_cast<void>(read_word());
    return TokenKind::kParameter;
  }
  if (!postgres_ && starts("...")) {
    at_ += 3;
    return TokenKind::kParameter;
  }
  if ("()[],;.:"sv.find(c) != std::string_view::npos && !starts(":=")) {
    return read_punctuation();
  }
  return postgres_ ? read_postgres_operator() : read_mysql_operator();
}

// What MySQL's digests print for a user variable, an introducer, and a literal they have no word for.
bool Lexer::read_digest_mark() {
  for (const std::string_view mark : {"@?"sv, "(_charset)"sv, "(unknown)"sv}) {
    if (operand_ && starts(mark)) {
      at_ += mark.size();
      return true;
    }
  }
  return false;
}

TokenKind Lexer::read_word() {
  while (at(0) == '@') {  // MySQL's variables
    ++at_;
  }
  if (!postgres_ && at(0) == '`') {
    read_quoted('`', false);
    return TokenKind::kWord;
  }
  while (at_ < sql_.size() && continues_name(sql_[at_])) {
    ++at_;
  }
  return TokenKind::kWord;
}

TokenKind Lexer::read_number() {
  const std::size_t begin = at_;
  const auto digits = [&](auto accepts) {
    while (accepts(at(0)) || (at(0) == '_' && accepts(at(1)))) {
      ++at_;
    }
  };
  const bool based = at(0) == '0' && "xXoObB"sv.find(at(1)) != std::string_view::npos && is_hex(at(2));
  if (based) {
    at_ += 2;
    digits(is_hex);
  } else {
    digits(is_digit);
    if (at(0) == '.' && at(1) != '.') {
      ++at_;
      digits(is_digit);
    }
    const bool is_signed = at(1) == '+' || at(1) == '-';
    if ((at(0) == 'e' || at(0) == 'E') && is_digit(at(is_signed ? 2 : 1))) {
      at_ += is_signed ? 2 : 1;
      digits(is_digit);
    }
  }
  // MySQL lets a name begin with a digit: `2fa_codes`.
  const bool plain = sql_.substr(begin, at_ - begin).find('.') == std::string_view::npos;
  if (!postgres_ && plain && continues_name(at(0))) {
    return read_word();
  }
  return TokenKind::kNumber;
}

bool Lexer::read_string_with_prefix() {
  const bool backslashes = !postgres_ && !modes_.no_backslash_escapes;
  if (!postgres_ && at(0) == '"' && !modes_.ansi_quotes) {
    read_quoted('"', backslashes);
    return true;
  }
  if (at(0) == '\'') {
    read_continued_string(backslashes);
    return true;
  }
  const auto prefix = static_cast<char>(at(0) | 0x20);  // lower case
  if (at(1) == '\'' && (prefix == 'b' || prefix == 'x' || prefix == 'n' || (postgres_ && prefix == 'e'))) {
    ++at_;
    read_continued_string(prefix == 'e' || (prefix == 'n' && backslashes));
    return true;
  }
  if (postgres_ && prefix == 'u' && at(1) == '&' && at(2) == '\'') {
    at_ += 2;
    read_continued_string(false);
    return true;
  }
  return false;
}

void Lexer::read_continued_string(bool backslash_escapes) {
  for (;;) {
    read_quoted('\'', backslash_escapes);
    // PostgreSQL joins two pieces with a line end between them.
    std::size_t after = at_;
    while (postgres_ && after < sql_.size() && is_blank(sql_[after])) {
      ++after;
    }
    const std::string_view gap = sql_.substr(at_, after - at_);
    if (after >= sql_.size() || sql_[after] != '\'' || gap.find_first_of("\r\n") == std::string_view::npos) {
      return;
    }
    at_ = after;
  }
}

void Lexer::read_quoted(char quote, bool backslash_escapes) {
  ++at_;
  while (at_ < sql_.size()) {
    const char c = sql_[at_];
    if (c == '\\' && backslash_escapes) {
      at_ = std::min(at_ + 2, sql_.size());
    } else if (c == quote && at(1) == quote) {
      at_ += 2;
    } else {
      ++at_;
      if (c == quote) {
        return;
      }
    }
  }
}

bool Lexer::read_dollar_quoted() {
  std::size_t end = at_ + 1;
  while (end < sql_.size() && continues_name(sql_[end]) && sql_[end] != '$') {
    ++end;
  }
  if (end >= sql_.size() || sql_[end] != '$') {
    return false;
  }
  const std::string_view tag = sql_.substr(at_, end + 1 - at_);
  const std::size_t close = sql_.find(tag, end + 1);
  at_ = close == std::string_view::npos ? sql_.size() : close + tag.size();
  return true;
}

TokenKind Lexer::read_punctuation() {
  at_ += starts("::") ? 2 : 1;
  return TokenKind::kPunctuation;
}

TokenKind Lexer::read_postgres_operator() {
  std::size_t end = at_;
  while (end < sql_.size() && is_postgres_operator(sql_[end]) && !sql_.substr(end).starts_with("--") &&
         !sql_.substr(end).starts_with("/*")) {
    ++end;
  }
  const auto read = [&] { return sql_.substr(at_, end - at_); };
  // `id=?`: a driver's placeholder; no operator of PostgreSQL or its extensions but @? ends so.
  while (read().size() > 1 && read().back() == '?' && read() != "@?") {
    --end;
  }
  // Source: "Operators" in the manual: a longer operator ends in + or - only with one of these in it.
  const bool special = read().find_first_of("~!@#^&|`?%") != std::string_view::npos;
  while (!special && read().size() > 1 && (read().back() == '+' || read().back() == '-')) {
    --end;
  }
  at_ = starts(":=") ? at_ + 2 : std::max(end, at_ + 1);
  return TokenKind::kOperator;
}

TokenKind Lexer::read_mysql_operator() {
  const auto* const longer =
      std::ranges::find_if(kMySqlOperators, [&](std::string_view text) { return starts(text); });
  at_ += longer == kMySqlOperators.end() ? 1 : longer->size();
  return TokenKind::kOperator;
}

bool Lexer::expects_operand_after(const Token& token) const {
  const std::string_view word = text(token);
  switch (token.kind) {
    case TokenKind::kEnd: return operand_;
    case TokenKind::kOperator: return true;
    case TokenKind::kPunctuation: return word != ")" && word != "]" && word != ".";
    case TokenKind::kWord:
      return is_one_of(word, kOpeningWords) || word == "(_charset)" ||
             (!postgres_ && equals_ignoring_case(word, "interval")) ||
             (is_clause_word(word) && !is_one_of(word, kValueWords));
    default: return false;
  }
}

}  // namespace planwise
