// What the operators of an expression come to in the tree.
#include <algorithm>
#include <string>
#include <utility>

#include "analyzer/sql/mysql_expression.h"

namespace planwise {
namespace {

using parse_tree::BuiltField;
using parse_tree::BuiltList;
using parse_tree::BuiltNode;

bool connects(const BuiltNode& node, const std::string& connective) {
  const parse_tree::BuiltValue* const kind = node.is("BoolExpr") ? node.find("boolop") : nullptr;
  return kind != nullptr && std::get<std::string>(*kind) == connective;
}

BuiltList& arguments_of(BuiltNode& node) {
  return std::get<BuiltList>(std::ranges::find(node.fields, "args", &BuiltField::key)->value);
}

}  // namespace

BuiltNode* MySqlExpression::pop() {
  if (operands_.empty()) {
    parser_.fail_here();
    return nullptr;
  }
  Node* const top = operands_.back();
  operands_.pop_back();
  return top;
}

void MySqlExpression::reduce(int precedence) {
  while (!parser_.failed() && !operators_.empty() && operators_.back().kind != Kind::kParenthesis &&
         operators_.back().precedence >= precedence) {
    const Operator top = std::move(operators_.back());
    operators_.pop_back();
    apply(top);
  }
}

void MySqlExpression::apply(const Operator& op) {
  Node* const right = pop();
  Node* result = nullptr;
  switch (op.kind) {
    case Kind::kPrefix:
      result =
          op.name == "NOT" ? parser_.make("BoolExpr", op.location,
                                          {{"boolop", std::string("NOT_EXPR")}, {"args", List{right}}})
          : op.name == "BINARY"
              ? parser_.make(
                    "TypeCast", op.location,
                    {{"arg", right},
                     {"typeName", parser_.make("TypeName", op.location,
                                               {{"names", parser_.tree_.texts({"binary"}, op.location)}})}})
          : op.name == "-" ? negative(op, right)
                           : operation("AEXPR_OP", op.name, op.location, nullptr, right);
      break;
    case Kind::kBinary: result = binary(op, pop(), right); break;
    case Kind::kLike: {
      Node* pattern = right;
      if (op.escape != nullptr) {
        pattern = parser_.make("LikeEscape", op.location, {{"args", List{right, op.escape}}});
      }
      result = operation("AEXPR_LIKE", op.negated ? "!~~" : "~~", op.location, pop(), pattern);
      break;
    }
    case Kind::kBetweenAnd: {
      Node* const low = pop();
      result = between(op, pop(), low, right);
      break;
    }
    case Kind::kBetween: parser_.fail("BETWEEN lacks its AND"); break;
    case Kind::kParenthesis: break;
  }
  operands_.push_back(result);
}

BuiltNode* MySqlExpression::operation(std::string_view kind, std::string_view name, std::size_t location,
                                      Node* left, Node* right) {
  return parser_.make("A_Expr", location,
                      {{"kind", std::string(kind)},
                       {"name", List{parser_.tree_.text(name, location)}},
                       {"lexpr", left},
                       {"rexpr", right}});
}

BuiltNode* MySqlExpression::binary(const Operator& op, Node* left, Node* right) {
  if (parser_.failed()) {
    return nullptr;
  }
  if (op.name == "AND" || op.name == "OR") {
    return connected(op.name == "AND" ? "AND_EXPR" : "OR_EXPR", op, left, right);
  }
  return operation("AEXPR_OP", op.name, op.location, left, right);
}

// One node for `a OR b OR c`, in parentheses or not, as the server has it.
BuiltNode* MySqlExpression::connected(std::string_view connective, const Operator& op, Node* left,
                                      Node* right) {
  const std::string kind(connective);
  const bool joins_right = connects(*right, kind);
  if (connects(*left, kind)) {
    for (Node* const part : joins_right ? BuiltList(arguments_of(*right)) : List{right}) {
      left->append("args", part);
    }
    return left;
  }
  if (joins_right) {
    BuiltList& parts = arguments_of(*right);
    parts.insert(parts.begin(), left);
    right->height = std::max(right->height, left->height + 1);
    return right;
  }
  return parser_.make("BoolExpr", op.location, {{"boolop", kind}, {"args", List{left, right}}});
}

BuiltNode* MySqlExpression::between(const Operator& op, Node* left, Node* low, Node* high) {
  Node* const bounds = parser_.make("List", op.location, {{"items", List{low, high}}});
  return operation(op.negated ? "AEXPR_NOT_BETWEEN" : "AEXPR_BETWEEN", op.negated ? "NOT BETWEEN" : "BETWEEN",
                   op.location, left, bounds);
}

// The sign of a number is part of it.
BuiltNode* MySqlExpression::negative(const Operator& op, Node* value) {
  if (value != nullptr && value->is("A_Const")) {
    for (BuiltField& field : value->fields) {
      Node* const number =
          field.key == "ival" || field.key == "fval" ? std::get<Node*>(field.value) : nullptr;
      if (number != nullptr && field.key == "ival") {
        number->set("ival", -std::get<std::int64_t>(*number->find("ival")));
        return value;
      }
      if (number != nullptr) {
        const std::string& text = std::get<std::string>(*number->find("fval"));
        number->set("fval", text.starts_with('-') ? text.substr(1) : "-" + text);
        return value;
      }
    }
  }
  return operation("AEXPR_OP", "-", op.location, nullptr, value);
}

}  // namespace planwise
