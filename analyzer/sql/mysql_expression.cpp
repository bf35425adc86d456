#include "analyzer/sql/mysql_expression.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>

namespace planwise {
namespace {

using namespace std::string_view_literals;
using parse_tree::BuiltList;
using parse_tree::BuiltNode;

// The higher, the closer an operator binds.
constexpr int kAssign = 1;
constexpr int kOr = 2;
constexpr int kXor = 3;
constexpr int kAnd = 4;
constexpr int kNot = 5;
constexpr int kComparison = 7;
constexpr int kPredicate = 8;  // LIKE, IN, BETWEEN, REGEXP
constexpr int kConcat = 15;
constexpr int kUnary = 16;
constexpr int kBang = 17;
constexpr int kBinaryCast = 18;

struct Infix {
  std::string_view spelt;
  int precedence;
  std::string_view name;  // in the tree
};
constexpr std::array kInfixMarks{Infix{":=", kAssign, ":="},
                                 Infix{"&&", kAnd, "AND"},
                                 Infix{"=", kComparison, "="},
                                 Infix{"<=>", kComparison, "<=>"},
                                 Infix{"<>", kComparison, "<>"},
                                 Infix{"!=", kComparison, "<>"},
                                 Infix{"<", kComparison, "<"},
                                 Infix{"<=", kComparison, "<="},
                                 Infix{">", kComparison, ">"},
                                 Infix{">=", kComparison, ">="},
                                 Infix{"|", 9, "|"},
                                 Infix{"&", 10, "&"},
                                 Infix{"<<", 11, "<<"},
                                 Infix{">>", 11, ">>"},
                                 Infix{"+", 12, "+"},
                                 Infix{"-", 12, "-"},
                                 Infix{"*", 13, "*"},
                                 Infix{"/", 13, "/"},
                                 Infix{"%", 13, "%"},
                                 Infix{"^", 14, "^"}};
constexpr std::array kInfixWords{Infix{"or", kOr, "OR"}, Infix{"xor", kXor, "XOR"}, Infix{"and", kAnd, "AND"},
                                 Infix{"div", 13, "DIV"}, Infix{"mod", 13, "%"}};

const Infix* find_infix(const MySqlToken& token) {
  const bool word = token.kind == TokenKind::kWord;
  const std::span<const Infix> all = word ? std::span<const Infix>(kInfixWords) : kInfixMarks;
  const auto at = std::ranges::find_if(all, [&](const Infix& entry) {
    return word ? is_word(token, entry.spelt) : is_mark(token, entry.spelt);
  });
  return at == all.end() ? nullptr : &*at;
}

}  // namespace

BuiltNode* MySqlExpression::read() {
  for (;;) {
    while (take_prefix()) {
    }
    operands_.push_back(parser_.operand());
    while (take_postfix()) {
    }
    if (parser_.failed()) {
      return nullptr;
    }
    if (!take_infix()) {
      break;
    }
  }
  reduce(0);
  if (open_ > 0) {
    parser_.fail(") is missing");
  }
  return parser_.failed() ? nullptr : operands_.back();
}

void MySqlExpression::push(Kind kind, int precedence, std::string_view name, bool negated) {
  operators_.push_back({.kind = kind,
                        .precedence = precedence,
                        .name = name,
                        .location = parser_.peek().begin,
                        .negated = negated,
                        .items = {}});
}

bool MySqlExpression::take_prefix() {
  if (parser_.next_is_mark("(") && !parser_.peek().opens_query) {
    push(Kind::kParenthesis, 0, "(");
    if (++open_ > kMaxParentheses) {
      parser_.fail("more than 3,000 parentheses are open");
    }
  } else if (parser_.next_is("not")) {
    push(Kind::kPrefix, kNot, "NOT");
  } else if (parser_.next_is_mark("!")) {
    push(Kind::kPrefix, kBang, "NOT");
  } else if (parser_.next_is_mark("-")) {
    push(Kind::kPrefix, kUnary, "-");
  } else if (parser_.next_is_mark("~")) {
    push(Kind::kPrefix, kUnary, "~");
  } else if (parser_.next_is("binary") && !parser_.next_is_mark(".", 1)) {
    push(Kind::kPrefix, kBinaryCast, "BINARY");
  } else if (!parser_.next_is_mark("+")) {  // a sign without effect
    return false;
  }
  parser_.advance();
  return !parser_.failed();
}

// What completes or extends the operand that was read.
bool MySqlExpression::take_postfix() {
  if (parser_.failed()) {
    return false;
  }
  return close_parenthesis() || take_json_path() || take_is() || take_membership() || take_quantified() ||
         take_escape();
}

bool MySqlExpression::close_parenthesis() {
  if (open_ == 0 || !parser_.next_is_mark(")")) {
    return false;
  }
  parser_.advance();
  reduce(0);
  List items = std::move(operators_.back().items);
  const std::size_t location = operators_.back().location;
  operators_.pop_back();
  --open_;
  if (!items.empty() && !parser_.failed()) {
    items.push_back(pop());
    operands_.push_back(parser_.make("RowExpr", location, {{"args", std::move(items)}}));
  }
  return !parser_.failed();
}

// `column -> '$.path'` and `expression COLLATE name`
bool MySqlExpression::take_json_path() {
  const std::size_t location = parser_.peek().begin;
  if (parser_.take("collate")) {
    std::string collation = parser_.next_is("binary") ? "binary" : "";
    if (!collation.empty() || parser_.peek().kind == TokenKind::kString) {
      parser_.advance();
    } else {
      collation = parser_.name("a collation");
    }
    Node* const named = parser_.tree_.text(collation, location);
    operands_.push_back(parser_.make("CollateClause", location, {{"arg", pop()}, {"collname", List{named}}}));
    return true;
  }
  for (const std::string_view op : {"->"sv, "->>"sv}) {
    if (parser_.take_mark(op)) {
      Node* const path = parser_.operand();
      operands_.push_back(operation("AEXPR_OP", op, location, pop(), path));
      return !parser_.failed();
    }
  }
  return false;
}

bool MySqlExpression::take_is() {
  const std::size_t location = parser_.peek().begin;
  if (!parser_.take("is")) {
    return false;
  }
  reduce(kComparison);
  const bool negated = parser_.take("not");
  Node* const tested = pop();
  if (parser_.take("null") || parser_.take("unknown")) {
    operands_.push_back(
        parser_.make("NullTest", location,
                     {{"arg", tested}, {"nulltesttype", std::string(negated ? "IS_NOT_NULL" : "IS_NULL")}}));
  } else if (const bool is_true = parser_.next_is("true"); parser_.take("true") || parser_.take("false")) {
    const std::string_view kind =
        is_true ? (negated ? "IS_NOT_TRUE" : "IS_TRUE") : (negated ? "IS_NOT_FALSE" : "IS_FALSE");
    operands_.push_back(
        parser_.make("BooleanTest", location, {{"arg", tested}, {"booltesttype", std::string(kind)}}));
  } else if (parser_.peek().kind == TokenKind::kParameter) {  // IS ? of a digest that hides TRUE
    operands_.push_back(operation("AEXPR_DISTINCT", "IS", location, tested, parser_.operand()));
  } else {
    parser_.fail_here();
  }
  return !parser_.failed();
}

// [NOT] IN (...)
bool MySqlExpression::take_membership() {
  const bool negated = parser_.next_is("not");
  if (!parser_.next_is("in", negated ? 1 : 0) || stops_at_in_) {
    return false;
  }
  parser_.skip_to(parser_.at_ + (negated ? 1 : 0));
  const std::size_t location = parser_.advance().begin;
  take_in(negated, location);
  return !parser_.failed();
}

void MySqlExpression::take_in(bool negated, std::size_t location) {
  reduce(kPredicate + 1);
  Node* const tested = pop();
  Node* found = nullptr;
  if (parser_.next_is_mark("(") && parser_.peek().opens_query) {
    found = parser_.subquery("ANY_SUBLINK");
    if (found != nullptr) {
      found->set("testexpr", tested);
    }
    if (negated && !parser_.failed()) {
      found =
          parser_.make("BoolExpr", location, {{"boolop", std::string("NOT_EXPR")}, {"args", List{found}}});
    }
  } else if (parser_.peek().kind == TokenKind::kParameter) {  // `IN ?` of client libraries
    Node* const list = parser_.make("List", location, {{"items", List{parser_.operand()}}});
    found = operation("AEXPR_IN", negated ? "<>" : "=", location, tested, list);
  } else {
    parser_.expect_mark("(");
    List items = parser_.expressions();
    parser_.expect_mark(")");
    Node* const list = parser_.make("List", location, {{"items", std::move(items)}});
    found = operation("AEXPR_IN", negated ? "<>" : "=", location, tested, list);
  }
  operands_.push_back(found);
}

// `= ANY (SELECT ...)`
bool MySqlExpression::take_quantified() {
  const Infix* const infix = find_infix(parser_.peek());
  const bool all = parser_.next_is("all", 1);
  const bool any = parser_.next_is("any", 1) || parser_.next_is("some", 1);
  if (infix == nullptr || infix->precedence != kComparison || !(all || any) || !parser_.peek(2).opens_query) {
    return false;
  }
  reduce(kComparison);
  Node* const tested = pop();
  const std::size_t location = parser_.peek().begin;
  parser_.skip_to(parser_.at_ + 2);
  Node* const found = parser_.subquery(all ? "ALL_SUBLINK" : "ANY_SUBLINK");
  if (found != nullptr) {
    found->set("testexpr", tested);
    found->set("operName", List{parser_.tree_.text(infix->name, location)});
  }
  operands_.push_back(found);
  return !parser_.failed();
}

// LIKE pattern ESCAPE character
bool MySqlExpression::take_escape() {
  if (!parser_.next_is("escape")) {
    return false;
  }
  reduce(kPredicate + 1);
  if (operators_.empty() || operators_.back().kind != Kind::kLike || operators_.back().escape != nullptr) {
    return false;
  }
  parser_.advance();
  operators_.back().escape = parser_.operand();
  return !parser_.failed();
}

// [NOT] BETWEEN, LIKE, REGEXP, RLIKE; SOUNDS LIKE; MEMBER OF
bool MySqlExpression::take_predicate() {
  const bool negated = parser_.next_is("not");
  const std::size_t ahead = negated ? 1 : 0;
  const bool between = parser_.next_is("between", ahead);
  const bool like = parser_.next_is("like", ahead);
  const bool regular = parser_.next_is("regexp", ahead) || parser_.next_is("rlike", ahead);
  const bool sounds = parser_.next_is("sounds") && parser_.next_is("like", 1);
  const bool member = parser_.next_is("member") && (parser_.next_is("of", 1) || parser_.next_is_mark("(", 1));
  if (!between && !like && !regular && !sounds && !member) {
    return false;
  }
  reduce(kPredicate + 1);
  parser_.skip_to(parser_.at_ + ahead);
  if (between || like) {
    push(between ? Kind::kBetween : Kind::kLike, kPredicate, "", negated);
  } else {
    push(Kind::kBinary, kPredicate, sounds ? "SOUNDS LIKE" : member ? "MEMBER OF" : negated ? "!~" : "~");
  }
  parser_.advance();
  if (sounds || (member && parser_.next_is("of"))) {
    parser_.advance();
  }
  return true;
}

bool MySqlExpression::take_infix() {
  const MySqlToken& token = parser_.peek();
  if (open_ > 0 && is_mark(token, ",")) {
    reduce(0);
    if (!parser_.failed()) {
      operators_.back().items.push_back(pop());
      parser_.advance();
    }
    return true;
  }
  if (is_mark(token, "||")) {
    const bool concat = parser_.modes_.pipes_as_concat;
    reduce(concat ? kConcat : kOr);
    push(Kind::kBinary, concat ? kConcat : kOr, concat ? "||" : "OR");
    parser_.advance();
    return true;
  }
  if (take_predicate()) {
    return true;
  }
  const Infix* const infix = find_infix(token);
  if (infix == nullptr) {
    return false;
  }
  if (infix->precedence == kAnd) {
    reduce(kPredicate + 1);
    if (is_word(token, "and") && !operators_.empty() && operators_.back().kind == Kind::kBetween) {
      operators_.back().kind = Kind::kBetweenAnd;
      parser_.advance();
      return true;
    }
  }
  reduce(infix->precedence + (infix->precedence == kAssign ? 1 : 0));
  push(Kind::kBinary, infix->precedence, infix->name);
  parser_.advance();
  return true;
}

}  // namespace planwise
