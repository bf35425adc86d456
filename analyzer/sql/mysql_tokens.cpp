#include "analyzer/sql/mysql_tokens.h"

#include <algorithm>
#include <array>
#include <string>

#include "analyzer/sql/keywords.h"
#include "analyzer/sql/mysql_words.h"

namespace planwise {
namespace {

using namespace std::string_view_literals;

constexpr std::array kClauses{"except"sv, "intersect"sv, "minus"sv,     "offset"sv,
                              "over"sv,   "qualify"sv,   "returning"sv, "window"sv};
constexpr std::array kQueryWords{"select"sv, "values"sv, "with"sv, "table"sv};
// After a query in parentheses these go on with the query, everything else with an expression.
constexpr std::array kAfterQuery{"union"sv, "except"sv, "intersect"sv, "minus"sv,
                                 "order"sv, "limit"sv,  "for"sv,       "lock"sv};

void pair_parentheses(std::vector<MySqlToken>& tokens) {
  std::vector<std::size_t> open;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (is_mark(tokens[i], "(")) {
      open.push_back(i);
    } else if (is_mark(tokens[i], ")") && !open.empty()) {
      tokens[i].partner = open.back();
      tokens[open.back()].partner = i;
      open.pop_back();
    }
  }
}

// From the end, so that the parenthesis inside is known: `((SELECT 1) UNION (SELECT 2))` is a query,
// `((SELECT 1) + 1)` is none.
void find_queries(std::vector<MySqlToken>& tokens) {
  for (std::size_t i = tokens.size() - 1; i-- > 0;) {
    MySqlToken& token = tokens[i];
    if (!is_mark(token, "(")) {
      continue;
    }
    const MySqlToken& first = tokens[i + 1];
    if (first.opens_query) {
      const std::size_t after = first.partner == 0 ? tokens.size() - 1 : first.partner + 1;
      token.opens_query = is_mark(tokens[after], ")") || is_word_of(tokens[after], kAfterQuery);
    } else {
      // VALUES(column) of ON DUPLICATE KEY UPDATE is a value.
      const bool value = is_word(first, "values") && is_mark(tokens[i + 2], "(") && is_name(tokens[i + 3]);
      token.opens_query = is_word_of(first, kQueryWords) && !value;
    }
  }
}

}  // namespace

std::vector<MySqlToken> mysql_tokens(std::string_view sql, Engine engine, SqlModes modes) {
  std::vector<MySqlToken> tokens;
  Lexer lexer(sql, engine, modes);
  bool after_dot = false;
  for (Token token = lexer.next();; token = lexer.next()) {
    tokens.push_back(
        {.kind = token.kind, .text = lexer.text(token), .begin = token.begin, .qualified = after_dot});
    if (token.kind == TokenKind::kEnd) {
      break;
    }
    after_dot = token.kind == TokenKind::kPunctuation && tokens.back().text == ".";
  }
  pair_parentheses(tokens);
  find_queries(tokens);
  return tokens;
}

bool is_word(const MySqlToken& token, std::string_view lower) {
  return token.kind == TokenKind::kWord && !token.qualified && equals_ignoring_case(token.text, lower);
}

bool is_word_of(const MySqlToken& token, std::span<const std::string_view> lower) {
  return token.kind == TokenKind::kWord && !token.qualified && is_one_of(token.text, lower);
}

bool is_mark(const MySqlToken& token, std::string_view mark) {
  return (token.kind == TokenKind::kPunctuation || token.kind == TokenKind::kOperator) && token.text == mark;
}

bool is_name(const MySqlToken& token) {
  const bool word = token.kind == TokenKind::kWord && !token.text.starts_with('@');
  return (word && !is_reserved(token)) || token.kind == TokenKind::kQuotedName;
}

bool is_reserved(const MySqlToken& token) {
  return token.kind == TokenKind::kWord && !token.qualified && is_always_reserved(token.text);
}

bool begins_clause(const MySqlToken& token) {
  return is_word_of(token, kClauses);
}

std::string unquoted_name(std::string_view text) {
  const bool quoted = !text.empty() && (text.front() == '`' || text.front() == '"');
  if (!quoted) {
    return std::string(text);
  }
  const char quote = text.front();
  text.remove_prefix(1);
  if (!text.empty() && text.back() == quote) {
    text.remove_suffix(1);
  }
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    out += text[i];
    i += text[i] == quote && i + 1 < text.size() && text[i + 1] == quote ? 1 : 0;
  }
  return out;
}

}  // namespace planwise
