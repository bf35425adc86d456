// Walks one parse tree and fills a StatementShape. Internal to shape_postgres.cpp and shape_mysql.cpp.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "analyzer/sql/dialect.h"
#include "analyzer/sql/parse_tree.h"
#include "analyzer/sql/shape.h"

namespace planwise {

class ShapeReader {
 public:
  explicit ShapeReader(const Dialect& dialect) : dialect_(dialect) {}

  [[nodiscard]] StatementShape read(const parse_tree::Node& statement);

 private:
  using Node = parse_tree::Node;

  // The select list, for what GROUP BY and ORDER BY name in it.
  struct Targets {
    std::vector<Node> items;
    std::map<std::string, std::size_t, std::less<>> named;  // the first of each alias
  };

  // Where a condition stands: AND-ed (group -1) or in a branch of an OR.
  struct Place {
    int block = 0;
    bool negated = false;
    int or_group = -1;
    int or_branch = -1;
  };

  // shape_dml.cpp
  void read_insert(const Node& statement, int block);
  void read_update(const Node& statement, int block);
  void read_delete(const Node& statement, int block);
  void read_merge(const Node& statement, int block);
  void read_assignments(const std::vector<Node>& targets, int block);
  void read_conflict(const Node& clause, int block);
  void read_limited_write(const Node& statement, int block);
  void put_first(std::string_view alias, int block);

  // shape_reader.cpp: queries and their clauses
  void read_select(const Node& select, int block);
  void read_query(const Node& query, int block);  // a SELECT, or a DML in WITH
  void read_with(const Node& statement, int block);
  void read_from(const Node& item, int block, bool outer);
  void read_table(const Node& table, int block, bool outer);
  void read_join(const Node& join, int block, bool outer);
  void read_targets(const std::vector<Node>& targets, int block);
  void read_group(const Node& item, const Targets& targets, int block);
  void read_order(const Node& item, const Targets& targets, int block);
  void read_limit(const Node& select, int block);
  [[nodiscard]] int open_block(SubqueryUse use, int parent);
  [[nodiscard]] int find_cte(std::string_view name, int block) const;

  // shape_columns.cpp: expressions and the columns they read
  void visit(const Node& node, int block);
  void visit_call(const Node& call, int block);
  void visit_sublink(const Node& link, int block);
  void add_others(const Node& node, int block);
  [[nodiscard]] ColumnUse use_of(const Node& node, int block);
  [[nodiscard]] ColumnUse column_of(const Node& reference, int block);
  [[nodiscard]] std::vector<Relation>::const_iterator find_relation(const std::vector<Relation>& relations,
                                                                    std::string_view alias) const;
  // A call of an aggregate, a window function or a sub-query stands below `node`.
  [[nodiscard]] bool computes_over_rows(const Node& node) const;
  [[nodiscard]] static Node named_by(const Node& item, const Targets& targets);

  // shape_predicates.cpp: WHERE and ON
  void read_where(const Node& condition, int block);
  void read_condition(const Node& condition, const Place& place);
  void read_expression(const Node& expression, const Place& place);
  void read_comparison(const Node& left, const Node& right, std::string_view op, const Place& place);
  void read_rows(const Node& left, const Node& right, std::string_view op, const Place& place);
  void read_in(const Node& expression, const Place& place);
  void read_between(const Node& expression, const Place& place);
  void read_array(const Node& expression, const Place& place);
  void read_sublink(const Node& link, const Place& place);
  void add_predicate(const Node& column, PredicateKind kind, std::string_view op,
                     const std::vector<Node>& values, const Place& place);
  void add_unknown(const Node& condition, const Place& place);
  void set_value(Predicate& predicate, const Node& value) const;

  [[nodiscard]] QueryBlock& at(int block) { return shape_.blocks[static_cast<std::size_t>(block)]; }
  [[nodiscard]] const QueryBlock& at(int block) const {
    return shape_.blocks[static_cast<std::size_t>(block)];
  }

  const Dialect& dialect_;
  StatementShape shape_;
  std::vector<std::map<std::string, int, std::less<>>> ctes_;  // by block: name to the block that computes it
  std::vector<std::set<std::pair<std::string, std::string>>> others_;  // by block: qualifier and column
  std::map<std::int64_t, int> sublinks_;                               // by place in the text: their block
  std::set<std::string> functions_;
  std::set<std::string> operators_;
  int or_groups_ = 0;
};

// The column references below `node`, sub-queries left out, in order.
[[nodiscard]] std::vector<parse_tree::Node> columns_in(const parse_tree::Node& node);

}  // namespace planwise
