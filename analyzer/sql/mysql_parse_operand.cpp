#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <utility>

#include "analyzer/sql/keywords.h"
#include "analyzer/sql/mysql_expression.h"
#include "analyzer/sql/mysql_parser.h"

namespace planwise {
namespace {

using namespace std::string_view_literals;

// Units of INTERVAL. Source: "Temporal Intervals" in MySQL's manual.
constexpr std::array kUnits{"microsecond"sv,
                            "second"sv,
                            "minute"sv,
                            "hour"sv,
                            "day"sv,
                            "week"sv,
                            "month"sv,
                            "quarter"sv,
                            "year"sv,
                            "second_microsecond"sv,
                            "minute_microsecond"sv,
                            "minute_second"sv,
                            "hour_microsecond"sv,
                            "hour_second"sv,
                            "hour_minute"sv,
                            "day_microsecond"sv,
                            "day_second"sv,
                            "day_minute"sv,
                            "day_hour"sv,
                            "year_month"sv};
// Functions that are called without parentheses too.
constexpr std::array kBareFunctions{
    "current_date"sv, "current_role"sv,   "current_time"sv, "current_timestamp"sv, "current_user"sv,
    "localtime"sv,    "localtimestamp"sv, "utc_date"sv,     "utc_time"sv,          "utc_timestamp"sv};
constexpr std::array kTimeTypes{"date"sv, "time"sv, "timestamp"sv};
// Reserved words that are names of functions.
constexpr std::array kReservedFunctions{"char"sv,   "default"sv, "insert"sv, "left"sv,  "mod"sv,
                                        "repeat"sv, "replace"sv, "right"sv,  "values"sv};

bool is_value(TokenKind kind) {
  return kind == TokenKind::kString || kind == TokenKind::kNumber || kind == TokenKind::kParameter;
}

// What a quoted string stands for. Source: "String Literals" in MySQL's manual.
std::string unescaped(std::string_view body, char quote, bool backslash_escapes) {
  std::string out;
  for (std::size_t i = 0; i < body.size(); ++i) {
    const char next = i + 1 < body.size() ? body[i + 1] : '\0';
    if (body[i] == quote && next == quote) {
      ++i;
    } else if (body[i] == '\\' && backslash_escapes && i + 1 < body.size()) {
      ++i;
      switch (next) {
        case '0': out += '\0'; continue;
        case 'b': out += '\b'; continue;
        case 'n': out += '\n'; continue;
        case 'r': out += '\r'; continue;
        case 't': out += '\t'; continue;
        case 'Z': out += '\x1A'; continue;
        case '%':
        case '_': out += '\\'; break;  // left to LIKE
        default: break;
      }
    }
    out += body[i];
  }
  return out;
}

}  // namespace

MySqlParser::Node* MySqlParser::expression(bool stops_at_in) {
  const Nesting guard(*this);
  return failed() ? nullptr : MySqlExpression(*this, stops_at_in).read();
}

MySqlParser::List MySqlParser::expressions() {
  List found;
  do {
    found.push_back(expression());
  } while (take_mark(","));
  return found;
}

MySqlParser::Node* MySqlParser::operand() {
  const MySqlToken& token = peek();
  switch (token.kind) {
    case TokenKind::kString: return string_constant();
    case TokenKind::kNumber: return number_constant();
    case TokenKind::kParameter: return parameter();
    case TokenKind::kQuotedName: return opens_call() ? call() : column();
    case TokenKind::kWord: return word_operand();
    default: break;
  }
  if (token.opens_query) {
    return subquery("EXPR_SUBLINK");
  }
  if (is_mark(token, "{")) {
    return odbc_escape();
  }
  if (is_mark(token, "\\") && next_is("n", 1)) {  // \N
    skip_to(at_ + 2);
    return make("A_Const", token.begin, {{"isnull", true}});
  }
  fail_here();
  return nullptr;
}

MySqlParser::Node* MySqlParser::word_operand() {
  const MySqlToken& token = peek();
  const MySqlToken& next = peek(1);
  const bool called = is_mark(next, "(");
  if (token.text.starts_with('@')) {
    return variable();
  }
  if (next_is("null") || next_is("true") || next_is("false")) {
    const bool null = next_is("null");
    Node* const value = null ? nullptr : make("Boolean", {{"boolval", next_is("true")}});
    advance();
    return make("A_Const", token.begin, {{"isnull", null}, {"boolval", value}});
  }
  if (next_is("case")) {
    return case_expression();
  }
  if (next_is("exists") && next.opens_query) {
    advance();
    return subquery("EXISTS_SUBLINK");
  }
  if (next_is("interval")) {
    return interval();
  }
  if (next_is("match")) {
    return match_against();
  }
  if (next_is("row") && called) {
    advance();
    advance();
    List parts = expressions();
    expect_mark(")");
    return make("RowExpr", token.begin, {{"args", std::move(parts)}});
  }
  const bool introducer = token.text.front() == '_' || equals_ignoring_case(token.text, "n");
  if (introducer && is_value(next.kind)) {  // _utf8mb4'x'
    advance();
    return operand();
  }
  if (next_is_any(kTimeTypes) && (next.kind == TokenKind::kString || next.kind == TokenKind::kParameter)) {
    advance();
    Node* const type =
        make("TypeName", token.begin, {{"names", tree_.texts({lower_ascii(token.text)}, token.begin)}});
    return make("TypeCast", token.begin, {{"arg", operand()}, {"typeName", type}});
  }
  if (next_is_any(kBareFunctions) && !called && !is_mark(next, ".")) {
    advance();
    return make("FuncCall", token.begin, {{"funcname", tree_.texts({lower_ascii(token.text)}, token.begin)}});
  }
  if (next_is("default") && !called) {
    advance();
    return make("SetToDefault", token.begin, {});
  }
  if ((next_is("next") || next_is("previous")) && is_word(next, "value") && next_is("for", 2)) {  // MariaDB
    skip_to(at_ + 3);
    static_cast<void>(column());
    return make("FuncCall", token.begin, {{"funcname", tree_.texts({"nextval"}, token.begin)}});
  }
  if (is_reserved(token) && !(called && next_is_any(kReservedFunctions))) {
    fail_here();
    return nullptr;
  }
  return opens_call() ? call() : column();
}

// name( or schema.name(
bool MySqlParser::opens_call() const {
  return next_is_mark("(", 1) || (next_is_mark(".", 1) && next_is_mark("(", 3));
}

// name, table.name, schema.table.name, table.*
MySqlParser::Node* MySqlParser::column() {
  const std::size_t location = peek().begin;
  List parts;
  do {
    if (!parts.empty() && take_mark("*")) {
      parts.push_back(make("A_Star", {}));
      break;
    }
    const std::size_t begin = peek().begin;
    parts.push_back(tree_.text(name("a column"), begin));
  } while (take_mark("."));
  return make("ColumnRef", location, {{"fields", std::move(parts)}});
}

// 'a' 'b' is one string.
MySqlParser::Node* MySqlParser::string_constant() {
  const std::size_t location = peek().begin;
  std::string value;
  while (peek().kind == TokenKind::kString) {
    std::string_view text = peek().text;
    const char prefix = text.front() == '\'' || text.front() == '"' ? '\0' : text.front();
    text.remove_prefix(prefix == '\0' ? 0 : 1);
    if (text.size() < 2 || text.back() != text.front()) {
      fail("a string is not closed");
      return nullptr;
    }
    advance();
    const std::string_view body = text.substr(1, text.size() - 2);
    const char base = prefix == 'X' ? 'x' : prefix == 'B' ? 'b' : prefix;
    if (base == 'x' || base == 'b') {
      Node* const bits = make("BitString", location, {{"bsval", base + std::string(body)}});
      return make("A_Const", location, {{"bsval", bits}});
    }
    value += unescaped(body, text.front(), !modes_.no_backslash_escapes);
  }
  return make("A_Const", location, {{"sval", make("String", location, {{"sval", std::move(value)}})}});
}

// Integers that fit 32 bits are told from wider ones and from decimals, as PostgreSQL's tree has it.
MySqlParser::Node* MySqlParser::number_constant() {
  const MySqlToken& token = advance();
  const std::string_view text = token.text;
  const bool based = text.size() > 2 && text[0] == '0' && (text[1] == 'x' || text[1] == 'b');
  if (based) {
    Node* const bits = make("BitString", token.begin, {{"bsval", std::string(text.substr(1))}});
    return make("A_Const", token.begin, {{"bsval", bits}});
  }
  std::int64_t value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = failure == std::errc{} && end == text.data() + text.size() &&
                     value <= std::numeric_limits<std::int32_t>::max();
  if (whole) {
    return make("A_Const", token.begin, {{"ival", make("Integer", token.begin, {{"ival", value}})}});
  }
  return make("A_Const", token.begin, {{"fval", make("Float", token.begin, {{"fval", std::string(text)}})}});
}

MySqlParser::Node* MySqlParser::parameter() {
  const MySqlToken& token = advance();
  return make("ParamRef", token.begin, {{"number", ++parameters_}});
}

// @name, @@name, @@session.name
MySqlParser::Node* MySqlParser::variable() {
  const MySqlToken& token = advance();
  while (token.text.starts_with("@@") && take_mark(".")) {
    static_cast<void>(name("a variable"));
  }
  return make("VariableRef", token.begin, {{"name", std::string(token.text)}});
}

MySqlParser::Node* MySqlParser::subquery(std::string_view type) {
  const std::size_t location = peek().begin;
  expect_mark("(");
  Node* const body = query();
  expect_mark(")");
  return make("SubLink", location, {{"subLinkType", std::string(type)}, {"subselect", body}});
}

MySqlParser::Node* MySqlParser::case_expression() {
  const Nesting guard(*this);
  const std::size_t location = advance().begin;
  Node* const argument = next_is("when") ? nullptr : expression();
  List branches;
  while (next_is("when")) {
    const std::size_t begin = advance().begin;
    Node* const condition = expression();
    expect("then");
    branches.push_back(make("CaseWhen", begin, {{"expr", condition}, {"result", expression()}}));
  }
  Node* const otherwise = take("else") ? expression() : nullptr;
  expect("end");
  return make("CaseExpr", location,
              {{"arg", argument}, {"args", std::move(branches)}, {"defresult", otherwise}});
}

// INTERVAL 1 DAY; INTERVAL(a, b, c) is a function.
MySqlParser::Node* MySqlParser::interval() {
  const MySqlToken& word = peek();
  const MySqlToken& next = peek(1);
  if (is_mark(next, "(") && !(next.partner != 0 && is_word_of(tokens_[next.partner + 1], kUnits))) {
    return call();
  }
  advance();
  Node* const count = expression();
  if (!next_is_any(kUnits)) {
    fail("the unit of an interval is missing");
    return nullptr;
  }
  return make("IntervalExpr", word.begin, {{"arg", count}, {"unit", lower_ascii(advance().text)}});
}

// MATCH (a, b) AGAINST ('x' IN BOOLEAN MODE): a predicate with the operator that PostgreSQL has for it.
MySqlParser::Node* MySqlParser::match_against() {
  const std::size_t location = advance().begin;
  const bool parentheses = take_mark("(");
  List columns;
  do {
    columns.push_back(column());
  } while (take_mark(","));
  if (parentheses) {
    expect_mark(")");
  }
  expect("against");
  expect_mark("(");
  Node* const words = expression(true);
  if (take("in", "natural")) {
    expect("language");
    expect("mode");
  } else if (take("in", "boolean")) {
    expect("mode");
  }
  if (take("with", "query")) {
    expect("expansion");
  }
  expect_mark(")");
  if (failed()) {
    return nullptr;
  }
  Node* const searched =
      columns.size() == 1 ? columns.front() : make("RowExpr", location, {{"args", std::move(columns)}});
  return make("A_Expr", location,
              {{"kind", std::string("AEXPR_OP")},
               {"name", tree_.texts({"@@"}, location)},
               {"lexpr", searched},
               {"rexpr", words}});
}

// {d '2020-01-01'}, {fn now()}
MySqlParser::Node* MySqlParser::odbc_escape() {
  const Nesting guard(*this);
  advance();
  static_cast<void>(name("the kind of an escape"));
  Node* const value = expression();
  expect_mark("}");
  return value;
}

}  // namespace planwise
