// Reads a statement's shape into a Query. Internal to read_query().
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "analyzer/cost_model/query.h"

namespace planwise::cost_model {

// The name by which an index key could serve the use: the column's, or the expression's text.
[[nodiscard]] inline const std::string& key_of(const ColumnUse& use) {
  return use.expression.empty() ? use.column : use.expression;
}

class QueryReader {
 public:
  QueryReader(const Snapshot& snapshot, const StatementShape& shape, const Statement* statement)
      : snapshot_(snapshot), shape_(shape), statement_(statement) {}

  Result<Query> read(const Plan* plan);

 private:
  using Place = std::pair<int, std::string>;  // unit, key

  // query_reader.cpp: units and sub-queries
  Result<void> open_block(int number);
  Result<Unit> unit_of(const Relation& relation);
  void attach_children(int number);
  [[nodiscard]] bool is_read(int block) const;
  ValueStats values_of(int block, const ColumnUse& use);
  Key& note_key(int block, const ColumnUse& use);
  void note_columns(const ColumnUse& use);
  [[nodiscard]] static bool is_key(const ColumnUse& use);

  // query_conditions.cpp: what conditions keep
  void read_predicates(int number);
  static void pair_ranges(Unit& of);
  void close_or(int number, int unit_number, int group, Alternative alternative);
  void read_joins(int number);
  void read_join(int number, const JoinPredicate& join);
  void read_correlation(int number, const ColumnUse& inner, const ColumnUse& outer,
                        const JoinPredicate& join);
  void unite(int block, const Place& left, const Place& right);

  // query_classes.cpp: keys that are equal, sorting and grouping, what must be there
  void read_sorting(int number);
  void read_extreme(int number);
  [[nodiscard]] static const std::vector<ColumnUse>& groups_of(const QueryBlock& source);
  void number_classes(int number);
  static void spread_constants(Block& block);
  static void copy_clause(const Clause& clause, int key_class, Unit& to);
  static void set_needs(Block& block);
  [[nodiscard]] Result<void> check_statistics() const;
  void set_widths();

  Block& at(int block) { return query_.blocks[static_cast<std::size_t>(block)]; }
  [[nodiscard]] const QueryBlock& shape(int block) const {
    return shape_.blocks[static_cast<std::size_t>(block)];
  }
  Unit& unit(int block, int unit) { return at(block).units[static_cast<std::size_t>(unit)]; }

  const Snapshot& snapshot_;
  const StatementShape& shape_;
  const Statement* statement_;
  Query query_;
  std::map<int, std::pair<int, int>> joined_;  // block of an EXISTS or IN: its parent, and its unit there
  std::map<int, std::vector<std::pair<Place, Place>>> united_;  // by block: keys that joins make equal
};

}  // namespace planwise::cost_model
