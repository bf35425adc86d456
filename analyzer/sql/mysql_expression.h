// One expression of a MySQL statement, its operators ordered on a stack. Internal to mysql_parser.h.
//
// Source: "Operator Precedence" in MySQL's manual and the rules expr, bool_pri, predicate, bit_expr and
// simple_expr of sql_yacc.yy.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "analyzer/sql/mysql_parser.h"

namespace planwise {

class MySqlExpression {
 public:
  // stops_at_in: IN ends the expression, as in POSITION(x IN y).
  MySqlExpression(MySqlParser& parser, bool stops_at_in) : parser_(parser), stops_at_in_(stops_at_in) {}

  // Null where the parser failed.
  [[nodiscard]] parse_tree::BuiltNode* read();

 private:
  using Node = parse_tree::BuiltNode;
  using List = parse_tree::BuiltList;

  enum class Kind : std::uint8_t {
    kBinary,
    kPrefix,
    kLike,
    kBetween,  // its AND is still to come
    kBetweenAnd,
    kParenthesis,  // of a group or a row: nothing below it is touched before it is closed
  };
  struct Operator {
    Kind kind = Kind::kBinary;
    int precedence = 0;
    std::string_view name;
    std::size_t location = 0;
    bool negated = false;
    Node* escape = nullptr;  // of kLike
    List items;              // of kParenthesis: the row's parts before the last comma
  };

  // Parentheses open at one time, which cost no recursion.
  static constexpr std::size_t kMaxParentheses = 3'000;

  bool take_prefix();
  bool take_postfix();
  bool take_infix();
  bool take_predicate();
  bool take_membership();
  bool take_quantified();
  bool take_escape();
  bool take_is();
  bool take_json_path();
  bool close_parenthesis();
  void take_in(bool negated, std::size_t location);
  void push(Kind kind, int precedence, std::string_view name, bool negated = false);
  // Applies the operators on top that bind at least as close.
  void reduce(int precedence);
  void apply(const Operator& op);
  [[nodiscard]] Node* binary(const Operator& op, Node* left, Node* right);
  [[nodiscard]] Node* connected(std::string_view connective, const Operator& op, Node* left, Node* right);
  [[nodiscard]] Node* between(const Operator& op, Node* left, Node* low, Node* high);
  [[nodiscard]] Node* negative(const Operator& op, Node* value);
  [[nodiscard]] Node* operation(std::string_view kind, std::string_view name, std::size_t location,
                                Node* left, Node* right);
  [[nodiscard]] Node* pop();

  MySqlParser& parser_;
  bool stops_at_in_;
  std::vector<Operator> operators_;
  List operands_;
  std::size_t open_ = 0;  // parentheses
};

}  // namespace planwise
