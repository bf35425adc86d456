// Reads one MySQL or MariaDB statement into a tree. Internal to parse_mysql.cpp.
//
// Operators stand on a stack of their own (mysql_expression.h), so that no chain of them and no parenthesis
// around them recurses; sub-queries, calls, CASE and joins in parentheses do, as deep as kMaxNesting. The
// first thing that cannot be read ends the statement: from then on the parser stands at the end, and every
// function returns without a node.
//
// Source: sql_yacc.yy of MySQL 5.6 to 8.4 and of MariaDB 10.11.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/sql/built_tree.h"
#include "analyzer/sql/mysql_tokens.h"

namespace planwise {

class MySqlParser {
 public:
  // Both must outlive the parser.
  MySqlParser(const std::vector<MySqlToken>& tokens, parse_tree::TreeBuilder& tree, SqlModes modes)
      : tokens_(tokens), tree_(tree), modes_(modes) {}

  // The statement: SelectStmt, InsertStmt, UpdateStmt, DeleteStmt, or UtilityStmt for what reads no tables in
  // a way worth knowing. Null where failed().
  [[nodiscard]] parse_tree::BuiltNode* statement();

  [[nodiscard]] bool failed() const { return !failure_.empty(); }
  // What was not read, and where; holds names, but no literal.
  [[nodiscard]] const std::string& failure() const { return failure_; }

 private:
  friend class MySqlExpression;
  using Node = parse_tree::BuiltNode;
  using List = parse_tree::BuiltList;
  using Fields = std::vector<parse_tree::BuiltField>;

  // How deep sub-queries, calls and CASE may stand in each other. MySQL itself stops at 63 SELECTs.
  static constexpr int kMaxNesting = 150;
  // Of tables in one FROM. Source: MAX_TABLES in sql_const.h is 61; the server refuses more.
  static constexpr std::size_t kMaxTables = 61;

  class Nesting {
   public:
    explicit Nesting(MySqlParser& parser) : parser_(parser) {
      if (++parser_.nesting_ > kMaxNesting) {
        parser_.fail("sub-queries, calls and CASE stand too deep in each other");
      }
    }
    Nesting(const Nesting&) = delete;
    Nesting& operator=(const Nesting&) = delete;
    ~Nesting() { --parser_.nesting_; }

   private:
    MySqlParser& parser_;
  };

  // mysql_parser.cpp: where the parser stands, and names
  [[nodiscard]] const MySqlToken& peek(std::size_t ahead = 0) const;
  [[nodiscard]] bool next_is(std::string_view word, std::size_t ahead = 0) const;
  [[nodiscard]] bool next_is_mark(std::string_view mark, std::size_t ahead = 0) const;
  [[nodiscard]] bool next_is_any(std::span<const std::string_view> words) const;
  [[nodiscard]] bool at_end() const { return peek().kind == TokenKind::kEnd; }
  const MySqlToken& advance();
  void skip_to(std::size_t token);  // counts the parameters on the way
  bool take(std::string_view word);
  bool take(std::string_view first, std::string_view second);
  bool take_any(std::span<const std::string_view> words);
  bool take_mark(std::string_view mark);
  void expect(std::string_view word);
  void expect_mark(std::string_view mark);
  void skip_parentheses();
  void fail(std::string_view why);
  void fail_here();  // at a token that fits nothing
  [[nodiscard]] std::string name(std::string_view what);
  [[nodiscard]] std::string alias();  // empty where there is none
  [[nodiscard]] List names_in_parentheses();
  [[nodiscard]] Node* make(std::string_view tag, Fields fields);
  [[nodiscard]] Node* make(std::string_view tag, std::size_t location, Fields fields);

  // mysql_parse_query.cpp
  [[nodiscard]] Node* query();
  [[nodiscard]] Node* with_clause();
  [[nodiscard]] Node* set_operations();
  [[nodiscard]] Node* query_term();
  [[nodiscard]] Node* select();
  [[nodiscard]] Node* values_query();
  [[nodiscard]] List target_list();
  [[nodiscard]] Node* target();
  [[nodiscard]] List group_list();
  void query_tail(Node*& body);
  void limit(Fields& fields);
  void locking(Fields& fields);
  void skip_into();

  // mysql_parse_from.cpp
  [[nodiscard]] List table_references();
  [[nodiscard]] Node* table_reference();
  [[nodiscard]] Node* table_factor();
  [[nodiscard]] Node* table_in_parentheses();
  [[nodiscard]] Node* table_name();
  [[nodiscard]] Node* json_table();
  [[nodiscard]] Node* alias_node();
  void index_hints();

  // mysql_parse_operand.cpp: what stands between operators
  [[nodiscard]] Node* expression(bool stops_at_in = false);
  [[nodiscard]] List expressions();
  [[nodiscard]] Node* operand();
  [[nodiscard]] Node* word_operand();
  [[nodiscard]] bool opens_call() const;
  [[nodiscard]] Node* column();
  [[nodiscard]] Node* string_constant();
  [[nodiscard]] Node* number_constant();
  [[nodiscard]] Node* parameter();
  [[nodiscard]] Node* variable();
  [[nodiscard]] Node* subquery(std::string_view type);
  [[nodiscard]] Node* case_expression();
  [[nodiscard]] Node* interval();
  [[nodiscard]] Node* match_against();
  [[nodiscard]] Node* odbc_escape();

  // mysql_parse_call.cpp
  [[nodiscard]] Node* call();
  [[nodiscard]] Node* call_arguments(Node* call, std::string_view function);
  [[nodiscard]] Node* special_call(std::string_view function, std::size_t location);
  [[nodiscard]] Node* cast(std::size_t location);
  [[nodiscard]] Node* type_name();
  [[nodiscard]] Node* window();
  [[nodiscard]] Node* window_specification();
  [[nodiscard]] List order_list();

  // mysql_parse_write.cpp
  [[nodiscard]] Node* insert(bool replace);
  [[nodiscard]] Node* update();
  [[nodiscard]] Node* remove();
  [[nodiscard]] Node* row_of_values();
  [[nodiscard]] List assignments();
  [[nodiscard]] List deleted_tables();
  void write_tail(Fields& fields);

  const std::vector<MySqlToken>& tokens_;
  parse_tree::TreeBuilder& tree_;
  SqlModes modes_;
  std::size_t at_ = 0;
  int nesting_ = 0;
  std::int64_t parameters_ = 0;
  std::string failure_;
};

}  // namespace planwise
