#include <array>
#include <utility>

#include "analyzer/sql/keywords.h"
#include "analyzer/sql/mysql_parser.h"

namespace planwise {
namespace {

using namespace std::string_view_literals;

// Functions whose first argument is a word that names no column.
constexpr std::array kWordFirst{"get_format"sv, "timestampadd"sv, "timestampdiff"sv};
constexpr std::array kTrimWords{"both"sv, "leading"sv, "trailing"sv};
// Between the arguments of a function with a syntax of its own:
// SUBSTRING(a FROM 1 FOR 2), CHAR(1 USING utf8), JSON_VALUE(a, '$.b' RETURNING date).
constexpr std::array kArgumentWords{"for"sv, "from"sv};

}  // namespace

MySqlParser::Node* MySqlParser::call() {
  const std::size_t location = peek().begin;
  std::string function = lower_ascii(unquoted_name(advance().text));
  std::string schema;
  if (take_mark(".")) {
    schema = std::exchange(function, name("a function"));
  }
  expect_mark("(");
  if (schema.empty()) {
    if (Node* const special = special_call(function, location); special != nullptr || failed()) {
      return special;
    }
  }
  List names = schema.empty() ? tree_.texts({function}, location) : tree_.texts({schema, function}, location);
  Node* const found = make("FuncCall", location, {{"funcname", std::move(names)}});
  return call_arguments(found, function);
}

// To be called after the opening parenthesis.
MySqlParser::Node* MySqlParser::call_arguments(Node* call, std::string_view function) {
  const bool trim = function == "trim";
  List arguments;
  if (take_mark("*")) {
    call->set("agg_star", true);
  } else if (!next_is_mark(")")) {
    if (take("distinct")) {
      call->set("agg_distinct", true);
    } else {
      take("all");
    }
    if (trim && take_any(kTrimWords) && take("from")) {
      arguments.push_back(expression());
    } else if (is_one_of(function, kWordFirst) && peek().kind == TokenKind::kWord) {
      const MySqlToken& word = advance();
      Node* const text = make("String", word.begin, {{"sval", std::string(word.text)}});
      arguments.push_back(make("A_Const", word.begin, {{"sval", text}}));
    } else {
      arguments.push_back(expression(function == "position"));
    }
    while (take_mark(",") || take_any(kArgumentWords) || (function == "position" && take("in"))) {
      arguments.push_back(expression());
    }
  }
  if (take("using")) {
    advance();              // a character set
  } else if (take("as")) {  // WEIGHT_STRING(a AS CHAR(5))
    static_cast<void>(type_name());
  } else if (take("returning")) {
    static_cast<void>(type_name());
  }
  if (take("order", "by")) {
    call->set("agg_order", order_list());
  }
  if (take("separator")) {
    static_cast<void>(operand());
  }
  if (next_is("limit")) {
    Fields bounds;
    limit(bounds);
  }
  while (next_is("null") || next_is("error") || next_is("default")) {  // of JSON_VALUE
    if (take("default")) {
      static_cast<void>(operand());
    } else {
      advance();
    }
    expect("on");
    if (!take("empty")) {
      expect("error");
    }
  }
  expect_mark(")");
  if (failed()) {
    return nullptr;
  }
  call->set("args", std::move(arguments));
  if (take("within", "group")) {  // MariaDB
    call->set("agg_within_group", true);
    expect_mark("(");
    expect("order");
    expect("by");
    call->set("agg_order", order_list());
    expect_mark(")");
  }
  if (!take("from", "first")) {
    take("from", "last");
  }
  if (!take("respect", "nulls")) {
    take("ignore", "nulls");
  }
  if (take("over")) {
    call->set("over", window());
  }
  return call;
}

// Calls that the tree has nodes of their own for; null for every other one. After the opening parenthesis.
MySqlParser::Node* MySqlParser::special_call(std::string_view function, std::size_t location) {
  if (function == "cast" || function == "convert") {
    return cast(location);
  }
  const bool coalesce = function == "coalesce";
  if (coalesce || function == "greatest" || function == "least") {
    List arguments = expressions();
    expect_mark(")");
    return make(coalesce ? "CoalesceExpr" : "MinMaxExpr", location,
                {{"op", std::string(coalesce                 ? ""
                                    : function == "greatest" ? "IS_GREATEST"
                                                             : "IS_LEAST")},
                 {"args", std::move(arguments)}});
  }
  if (function == "nullif") {
    Node* const left = expression();
    expect_mark(",");
    Node* const right = expression();
    expect_mark(")");
    return make("A_Expr", location,
                {{"kind", std::string("AEXPR_NULLIF")},
                 {"name", tree_.texts({"="}, location)},
                 {"lexpr", left},
                 {"rexpr", right}});
  }
  if (function == "extract") {
    const MySqlToken& unit = advance();
    expect("from");
    Node* const text = make("String", unit.begin, {{"sval", lower_ascii(unit.text)}});
    Node* const field = make("A_Const", unit.begin, {{"sval", text}});
    Node* const time = expression();
    expect_mark(")");
    return make("FuncCall", location,
                {{"funcname", tree_.texts({"extract"}, location)}, {"args", List{field, time}}});
  }
  if (function == "values" || function == "value") {  // of the row that an INSERT wanted to write
    if (!next_is_mark(")", 1) && !next_is_mark(".", 1)) {
      return nullptr;
    }
    static_cast<void>(column());
    expect_mark(")");
    return make("InsertedValue", location, {});
  }
  return nullptr;
}

// CAST(x AS type), CONVERT(x, type), CONVERT(x USING utf8mb4)
MySqlParser::Node* MySqlParser::cast(std::size_t location) {
  Node* const value = expression();
  if (take("using")) {
    advance();
    expect_mark(")");
    return make("FuncCall", location,
                {{"funcname", tree_.texts({"convert"}, location)}, {"args", List{value}}});
  }
  if (!take("as")) {
    expect_mark(",");
  }
  Node* const type = type_name();
  take("array");
  expect_mark(")");
  return make("TypeCast", location, {{"arg", value}, {"typeName", type}});
}

// DECIMAL(10, 2), CHAR(20) CHARACTER SET utf8mb4, DOUBLE PRECISION, UNSIGNED INTEGER
MySqlParser::Node* MySqlParser::type_name() {
  const std::size_t location = peek().begin;
  if (peek().kind != TokenKind::kWord) {
    fail("a type is missing");
    return nullptr;
  }
  std::string type = lower_ascii(advance().text);
  if (take("precision")) {
    type += " precision";
  } else if (!take("integer")) {
    take("int");
  }
  List modifiers;
  if (take_mark("(")) {
    do {
      modifiers.push_back(operand());
    } while (take_mark(","));
    expect_mark(")");
  }
  for (;;) {
    if (take("character", "set") || take("charset") || take("collate")) {
      advance();
    } else if (!take("binary") && !take("unicode") && !take("ascii")) {
      break;
    }
  }
  return make("TypeName", location,
              {{"names", tree_.texts({type}, location)}, {"typmods", std::move(modifiers)}});
}

// OVER name, OVER (PARTITION BY ...)
MySqlParser::Node* MySqlParser::window() {
  if (next_is_mark("(")) {
    return window_specification();
  }
  const std::size_t location = peek().begin;
  return make("WindowDef", location, {{"name", name("the name of a window")}});
}

MySqlParser::Node* MySqlParser::window_specification() {
  const Nesting guard(*this);
  const std::size_t location = peek().begin;
  const std::size_t close = peek().partner;
  expect_mark("(");
  if (close == 0) {
    fail("( is not closed");
    return nullptr;
  }
  List partition;
  List order;
  if (!next_is("partition") && !next_is("order") && is_name(peek()) && !next_is("rows") &&
      !next_is("range") && !next_is("groups")) {
    advance();  // a window that this one refines
  }
  if (take("partition", "by")) {
    partition = expressions();
  }
  if (take("order", "by")) {
    order = order_list();
  }
  if (next_is("rows") || next_is("range") || next_is("groups")) {
    skip_to(close);
  }
  expect_mark(")");
  return make("WindowDef", location,
              {{"partitionClause", std::move(partition)}, {"orderClause", std::move(order)}});
}

MySqlParser::List MySqlParser::order_list() {
  List items;
  do {
    const std::size_t location = peek().begin;
    Node* const value = expression();
    const bool descending = take("desc");
    if (!descending) {
      take("asc");
    }
    items.push_back(
        make("SortBy", location,
             {{"node", value}, {"sortby_dir", std::string(descending ? "SORTBY_DESC" : "SORTBY_DEFAULT")}}));
  } while (take_mark(","));
  return items;
}

}  // namespace planwise
