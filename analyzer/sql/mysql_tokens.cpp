#include "analyzer/sql/mysql_tokens.h"

#include <algorithm>
#include <array>
#include <string>

#include "analyzer/sql/keywords.h"

namespace planwise {
namespace {

using namespace std::string_view_literals;

// Source: the words that sql_yacc.yy of MySQL 5.6 reserves (lex.h, and no `keyword` rule), and are so in
// every later release of either server. Sorted.
constexpr std::array kReserved{"add"sv,
                               "all"sv,
                               "alter"sv,
                               "analyze"sv,
                               "and"sv,
                               "as"sv,
                               "asc"sv,
                               "before"sv,
                               "between"sv,
                               "both"sv,
                               "by"sv,
                               "call"sv,
                               "cascade"sv,
                               "case"sv,
                               "change"sv,
                               "check"sv,
                               "collate"sv,
                               "column"sv,
                               "condition"sv,
                               "constraint"sv,
                               "continue"sv,
                               "create"sv,
                               "cross"sv,
                               "cursor"sv,
                               "declare"sv,
                               "default"sv,
                               "delayed"sv,
                               "delete"sv,
                               "desc"sv,
                               "describe"sv,
                               "distinct"sv,
                               "distinctrow"sv,
                               "div"sv,
                               "drop"sv,
                               "dual"sv,
                               "each"sv,
                               "else"sv,
                               "elseif"sv,
                               "enclosed"sv,
                               "escaped"sv,
                               "exists"sv,
                               "exit"sv,
                               "explain"sv,
                               "false"sv,
                               "fetch"sv,
                               "for"sv,
                               "force"sv,
                               "foreign"sv,
                               "from"sv,
                               "fulltext"sv,
                               "grant"sv,
                               "group"sv,
                               "having"sv,
                               "high_priority"sv,
                               "ignore"sv,
                               "in"sv,
                               "index"sv,
                               "infile"sv,
                               "inner"sv,
                               "inout"sv,
                               "insert"sv,
                               "interval"sv,
                               "into"sv,
                               "is"sv,
                               "iterate"sv,
                               "join"sv,
                               "key"sv,
                               "keys"sv,
                               "kill"sv,
                               "leading"sv,
                               "leave"sv,
                               "left"sv,
                               "like"sv,
                               "limit"sv,
                               "lines"sv,
                               "load"sv,
                               "lock"sv,
                               "loop"sv,
                               "low_priority"sv,
                               "match"sv,
                               "mod"sv,
                               "natural"sv,
                               "not"sv,
                               "null"sv,
                               "on"sv,
                               "optimize"sv,
                               "option"sv,
                               "optionally"sv,
                               "or"sv,
                               "order"sv,
                               "out"sv,
                               "outer"sv,
                               "outfile"sv,
                               "partition"sv,
                               "primary"sv,
                               "procedure"sv,
                               "purge"sv,
                               "references"sv,
                               "regexp"sv,
                               "release"sv,
                               "rename"sv,
                               "repeat"sv,
                               "replace"sv,
                               "require"sv,
                               "restrict"sv,
                               "return"sv,
                               "revoke"sv,
                               "right"sv,
                               "rlike"sv,
                               "select"sv,
                               "separator"sv,
                               "set"sv,
                               "show"sv,
                               "spatial"sv,
                               "sql_big_result"sv,
                               "sql_calc_found_rows"sv,
                               "sql_small_result"sv,
                               "starting"sv,
                               "straight_join"sv,
                               "table"sv,
                               "terminated"sv,
                               "then"sv,
                               "to"sv,
                               "trailing"sv,
                               "trigger"sv,
                               "true"sv,
                               "undo"sv,
                               "union"sv,
                               "unique"sv,
                               "unlock"sv,
                               "update"sv,
                               "usage"sv,
                               "use"sv,
                               "using"sv,
                               "values"sv,
                               "when"sv,
                               "where"sv,
                               "while"sv,
                               "with"sv,
                               "write"sv,
                               "xor"sv};
static_assert(std::ranges::is_sorted(kReserved));

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
  constexpr std::size_t kLongest = 20;
  return token.kind == TokenKind::kWord && !token.qualified && token.text.size() <= kLongest &&
         std::ranges::binary_search(kReserved, std::string_view(lower_ascii(token.text)));
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
